"""Routes of certificates."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from onewindow_casework.certificates import proving, queries, service
from onewindow_casework.certificates.queries import CertificateNumbersUsedUp, Filters
from onewindow_casework.certificates.service import AlreadyReplaced, NotIssuedToday
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.certificates import (
    CertificateDisclosureIn,
    CertificateIn,
    CertificateNo,
    CertificateOut,
    CertificateParticulars,
    CertificateRefusalIn,
    CertificateRow,
    CheckIn,
    CheckOut,
    RevocationIn,
    VerificationIn,
    VerifiedCertificate,
    VerifyIn,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.identity import half_width
from onewindow_shared.plumbing.conditional import IfMatch, answer
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
    NotFound,
    Unauthorized,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1", tags=["certificates"])


@router.post("/certificates/checks", summary="Check a certificate", responses=problems(Unauthorized, Invalid))
async def check_certificate(
    body: CheckIn,
    run: Run = open_to_all("whoever is sent for a certificate may know who issues it"),
) -> CheckOut:
    """Say whether the committee issues a certificate, however it is worded, by which basis, or who does."""
    return await run.read(service.check, body)


@router.post(
    "/certificates/proofs",
    summary="Verify a certificate",
    responses=problems(Unauthorized, NotFound, TooManyCodes, Invalid),
)
async def prove_certificate(
    request: Request,
    body: VerifyIn,
    run: Run = open_to_all("whoever is handed a certificate may verify it by its number and code"),
) -> VerifiedCertificate:
    """Say whether a certificate is genuine and in force; a wrong number and a wrong code are the same 404."""
    tried = Try("certificate", _typed(body), client_of(request))
    return await proved(run, tried, proving.look_up, body.code)


@router.post(
    "/certificates",
    status_code=201,
    response_model=CertificateOut,
    summary="Apply for a certificate",
    responses=problems(*CREATING, NotFound, AlreadyReplaced, CertificateNumbersUsedUp),
)
async def apply_for_certificate(
    body: CertificateIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.CERTIFICATE_APPLY)
) -> Response:
    """Take an application, at the window or from home; what is not issued is refused at once, in writing."""
    return await run.create(idempotency_key, body, service.apply)


@router.get("/certificates", summary="List certificates", responses=problems(*LISTING))
async def list_certificates(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.CERTIFICATE_READ),
) -> Page[CertificateRow]:
    """List the certificates within one's area, or one's own, newest first."""
    return await run.read(queries.several, wanted, filters)


@router.get(
    "/certificates/{certificate_no}",
    response_model=CertificateOut,
    summary="Read a certificate",
    responses=problems(*READING),
)
async def read_certificate(
    request: Request, certificate_no: CertificateNo, run: Run = gated(Permission.CERTIFICATE_READ)
) -> Response:
    """Show a certificate, its holder masked; the `ETag` is what writes ask for."""
    found = await run.read(service.one, certificate_no)
    return answer(request, found, etag=str(found.version))


@router.get(
    "/certificates/{certificate_no}/paper",
    response_class=Response,
    summary="Print a certificate",
    responses={**PRINTED, **problems(*READING)},
)
async def print_certificate(
    certificate_no: CertificateNo, run: Run = gated(Permission.CERTIFICATE_APPLY)
) -> Response:
    """Print an issued certificate as PDF/A with its QR code; written down, since it names its holder."""
    sheet, at = await run.write(service.issued_sheet, certificate_no)
    return await paper_answer(sheet, at)


@router.post(
    "/certificates/{certificate_no}/verification",
    summary="Verify facts",
    responses=problems(*MOVING),
)
async def verify_facts(
    certificate_no: CertificateNo,
    body: VerificationIn,
    seen: IfMatch,
    run: Run = gated(Permission.CERTIFICATE_VERIFY),
) -> CertificateOut:
    """Write down which facts were verified, how and by whom."""
    return await run.change(service.verify, certificate_no, seen, body)


@router.post(
    "/certificates/{certificate_no}/issue",
    summary="Issue a certificate",
    responses=problems(*MOVING, NotIssuedToday),
)
async def issue_certificate(
    certificate_no: CertificateNo,
    seen: IfMatch,
    run: Run = gated(Permission.CERTIFICATE_SIGN),
) -> CertificateOut:
    """Sign a certificate whose facts were verified; it takes the place of the one that it replaces."""
    return await run.change(service.issue, certificate_no, seen)


@router.post(
    "/certificates/{certificate_no}/refusal", summary="Refuse a certificate", responses=problems(*MOVING)
)
async def refuse_certificate(
    certificate_no: CertificateNo,
    body: CertificateRefusalIn,
    seen: IfMatch,
    run: Run = gated(Permission.CERTIFICATE_SIGN),
) -> CertificateOut:
    """Refuse an application, with reason and basis."""
    return await run.change(service.refuse, certificate_no, seen, body)


@router.post("/certificates/{certificate_no}/withdrawal", summary="Withdraw", responses=problems(*MOVING))
async def withdraw_certificate(
    certificate_no: CertificateNo,
    seen: IfMatch,
    run: Run = gated(Permission.CERTIFICATE_APPLY),
) -> CertificateOut:
    """Take an application back before it is decided."""
    return await run.change(service.withdraw, certificate_no, seen)


@router.post(
    "/certificates/{certificate_no}/revocation", summary="Revoke a certificate", responses=problems(*MOVING)
)
async def revoke_certificate(
    certificate_no: CertificateNo,
    body: RevocationIn,
    seen: IfMatch,
    run: Run = gated(Permission.CERTIFICATE_SIGN),
) -> CertificateOut:
    """Take an issued certificate out of force; the reason is kept."""
    return await run.change(service.revoke, certificate_no, seen, body)


@router.post(
    "/certificates/{certificate_no}/disclosure",
    summary="See the full particulars",
    responses=problems(*READING),
)
async def disclose_certificate(
    certificate_no: CertificateNo,
    body: CertificateDisclosureIn,
    run: Run = gated(Permission.CERTIFICATE_UNMASK),
) -> CertificateParticulars:
    """Show everything that a certificate tells; who saw it and why is written down."""
    return await run.write(service.disclose, certificate_no, body)


def _typed(body: VerifyIn) -> str:
    return str(half_width(body.certificate_no)).replace("-", "")[:64]
