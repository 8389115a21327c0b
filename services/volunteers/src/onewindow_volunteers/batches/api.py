"""Routes of certificates in batches."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.certificate_batches import (
    CertificateBatchIn,
    CertificateBatchOut,
    CertificateBatchRow,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.attachments import ZIP_TYPE
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    READING,
    BadCursor,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.batches import archive, service
from onewindow_volunteers.certificates.problems import NothingToCertify

router = APIRouter(prefix="/api/volunteers/v1", tags=["certificates of service"])
SIGNER = gated(Permission.CERTIFICATE_SIGN)
BatchNo = Annotated[int, Path(ge=1, lt=2**63)]
ARCHIVE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/certificate-batches",
    status_code=201,
    response_model=CertificateBatchOut,
    summary="Certify many volunteers",
    responses=problems(*CREATING, NothingToCertify),
)
async def begin_batch(
    body: CertificateBatchIn, idempotency_key: IdempotencyKey, run: Run = SIGNER
) -> Response:
    """Certify what a community has confirmed of up to a thousand volunteers who agreed to it.

    The answer comes at once, the certificates follow in slices; read the batch again to see how far it is.
    """
    return await run.create(idempotency_key, body, service.begin)


@router.get("/certificate-batches", summary="List batches", responses=problems(*LISTING))
async def list_batches(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = SIGNER
) -> Page[CertificateBatchOut]:
    """List the batches of one's area, newest first."""
    return await run.read(service.several, wanted)


@router.get("/certificate-batches/{batch_no}", summary="Follow a batch", responses=problems(*READING))
async def read_batch(batch_no: BatchNo, run: Run = SIGNER) -> CertificateBatchOut:
    """Show how far a batch is."""
    return await run.read(service.one, batch_no)


@router.get(
    "/certificate-batches/{batch_no}/rows",
    summary="What came of each volunteer",
    responses=problems(*READING, BadCursor),
)
async def list_batch_rows(
    batch_no: BatchNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = SIGNER
) -> Page[CertificateBatchRow]:
    """List the volunteers of a batch by number, each with the certificate or why there is none."""
    return await run.read(service.rows, batch_no, wanted)


@router.get(
    "/certificate-batches/{batch_no}/papers",
    response_class=Response,
    summary="Take the certificates of a batch away",
    responses={
        200: {"description": "An archive of PDF/A-2b", "content": {ZIP_TYPE: ARCHIVE}},
        **problems(*READING),
    },
)
async def read_batch_papers(batch_no: BatchNo, run: Run = SIGNER) -> Response:
    """Print the certificates of a batch that are in force, as one archive; each is written down."""
    return await archive.taken_away(run, batch_no)
