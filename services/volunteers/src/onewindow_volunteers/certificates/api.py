"""Routes of certificates of service."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.service_certificates import (
    ProvedServiceCertificate,
    ServiceCertificateIn,
    ServiceCertificateNo,
    ServiceCertificateOut,
    ServiceCertificateProofIn,
    ServiceCertificateRevocationIn,
    ServiceCertificateRow,
)
from onewindow_shared.plumbing.conditional import IfMatch, tagged
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, proved
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.papers import PRINTED, paper_answer
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    MOVING,
    READING,
    Invalid,
    MoveRefused,
    NotFound,
    Unauthorized,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_volunteers.certificates import queries, service
from onewindow_volunteers.certificates.problems import NotAgreedTo, NothingToCertify, TakenBack
from onewindow_volunteers.deps import beyond_ones_own

router = APIRouter(prefix="/api/volunteers/v1", tags=["certificates of service"])


@router.post(
    "/certificates",
    status_code=201,
    response_model=ServiceCertificateOut,
    summary="Issue a certificate of service",
    responses=problems(*CREATING, NotFound, NothingToCertify, NotAgreedTo, TakenBack),
)
async def issue_service_certificate(
    body: ServiceCertificateIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CERTIFICATE_APPLY),
) -> Response:
    """Certify what a community has confirmed, one's own or at the window; free, at once (arts. 14-15)."""
    return await beyond_ones_own(run).create(idempotency_key, body, service.issue, run.actor.scope)


@router.get("/certificates", summary="List certificates of service", responses=problems(*LISTING))
async def list_service_certificates(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.CERTIFICATE_READ)
) -> Page[ServiceCertificateRow]:
    """List one's own certificates, or those of one's area, newest first."""
    return await run.read(queries.several, wanted)


@router.post(
    "/certificates/proofs",
    summary="Verify a certificate of service",
    responses=problems(Unauthorized, NotFound, TooManyCodes, Invalid),
)
async def prove_service_certificate(
    request: Request,
    body: ServiceCertificateProofIn,
    run: Run = open_to_all("whoever is handed a certificate may verify it by its number and code"),
) -> ProvedServiceCertificate:
    """Say whether a certificate is genuine and in force; a wrong number and a wrong code are the same 404."""
    tried = Try("service_certificate", body.certificate_no.strip().upper(), client_of(request))
    return await proved(run, tried, service.prove, body.code)


@router.get(
    "/certificates/{certificate_no}",
    summary="Read a certificate of service",
    responses=problems(*READING),
)
async def read_service_certificate(
    certificate_no: ServiceCertificateNo, run: Run = gated(Permission.CERTIFICATE_READ)
) -> ServiceCertificateOut:
    """Show a certificate, its holder masked; the `ETag` is what writes ask for.

    It is no reason for a 304: what a certificate proves changes with the records behind it.
    """
    found = await run.read(service.one, certificate_no)
    tagged(run.response, found)
    return found


@router.get(
    "/certificates/{certificate_no}/paper",
    response_class=Response,
    summary="Print a certificate of service",
    responses={**PRINTED, **problems(*READING, MoveRefused)},
)
async def print_service_certificate(
    certificate_no: ServiceCertificateNo, run: Run = gated(Permission.CERTIFICATE_APPLY)
) -> Response:
    """Print a certificate in force as PDF/A with its QR code; written down, since it names its holder."""
    sheet, at = await run.write(service.printed, certificate_no)
    return await paper_answer(sheet, at)


@router.post(
    "/certificates/{certificate_no}/revocation",
    summary="Revoke a certificate of service",
    responses=problems(*MOVING),
)
async def revoke_service_certificate(
    certificate_no: ServiceCertificateNo,
    body: ServiceCertificateRevocationIn,
    seen: IfMatch,
    run: Run = gated(Permission.CERTIFICATE_SIGN),
) -> ServiceCertificateOut:
    """Take a certificate out of force; the reason is kept."""
    return await run.change(service.revoke, certificate_no, seen, body)
