"""Routes of custody: originals of a case, and all that an office holds."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_intake.custody import service
from onewindow_intake.custody.problems import AlreadyReturned, HeldByAnother
from onewindow_intake.issued import service as issued
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.contracts.custody import (
    CustodianIn,
    CustodyParticulars,
    CustodyStepIn,
    Original,
    OriginalIn,
)
from onewindow_shared.contracts.documents_issued import CustodySlip, DocumentKind
from onewindow_shared.contracts.intake import CaseDisclosureIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import UNCHANGED, IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    CREATING,
    READING,
    BadCursor,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1", tags=["custody"])
LIST = {**UNCHANGED, **problems(*READING, BadCursor)}


@router.post(
    "/cases/{case_no}/originals",
    status_code=201,
    summary="Take an original",
    response_model=Original,
    responses=problems(*CREATING, NotFound),
)
async def take_original(
    case_no: CaseNo,
    body: OriginalIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CUSTODY_KEEP),
) -> Response:
    """Take an original into keeping, saying where it lies."""
    return await run.create(idempotency_key, body, service.take, case_no)


@router.post(
    "/cases/{case_no}/originals/{original_id}/steps",
    summary="Move, hand over or return an original",
    responses=problems(*CHANGING, AlreadyReturned, HeldByAnother),
)
async def follow_original(
    case_no: CaseNo,
    original_id: Annotated[int, Path(ge=1, le=2**53)],
    body: CustodyStepIn,
    seen: IfMatch,
    run: Run = gated(Permission.CUSTODY_KEEP),
) -> Original:
    """Add a link to the chain of an original; a returned one has no next."""
    return await run.change(service.follow, case_no, original_id, seen, body)


@router.post(
    "/cases/{case_no}/originals/{original_id}/assignment",
    summary="Make an officer the holder of an original",
    responses=problems(*CHANGING, AlreadyReturned),
)
async def assign_original(
    case_no: CaseNo,
    original_id: Annotated[int, Path(ge=1, le=2**53)],
    body: CustodianIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_ASSIGN),
) -> Original:
    """Have another officer keep an original whose holder is away and cannot hand it over."""
    return await run.change(service.entrust, case_no, original_id, seen, body)


@router.post(
    "/cases/{case_no}/originals/{original_id}/disclosure",
    summary="Read to whom an original went back",
    responses=problems(*READING),
)
async def disclose_return(
    case_no: CaseNo,
    original_id: Annotated[int, Path(ge=1, le=2**53)],
    body: CaseDisclosureIn,
    response: Response,
    run: Run = gated(Permission.CASE_UNMASK),
) -> CustodyParticulars:
    """Show in full who got an original back and how they signed, for a reason; reading it is written down."""
    response.headers["Cache-Control"] = "no-store"
    return await run.write(service.disclose, case_no, original_id, body)


@router.get(
    "/cases/{case_no}/originals",
    summary="List the originals of a case",
    response_model=Page[Original],
    responses=LIST,
)
async def list_originals_of_case(
    request: Request,
    case_no: CaseNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.CASE_READ),
) -> Response:
    """List the originals that were taken for a case, each with its chain."""
    return answer(request, await run.read(service.of_case, wanted, case_no))


@router.get(
    "/cases/{case_no}/custody-slip",
    summary="Read the custody slip",
    response_model=CustodySlip,
    responses={**UNCHANGED, **problems(*READING)},
)
async def read_custody_slip(
    request: Request, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)
) -> Response:
    """Show the proof of which originals of a case are in keeping and which went back; 404 without any."""
    return answer(request, await run.read(issued.shown, case_no, DocumentKind.CUSTODY_SLIP))


@router.get(
    "/custody/originals",
    summary="List the originals in keeping",
    response_model=Page[Original],
    responses=LIST,
)
async def list_held_originals(
    request: Request,
    wanted: Annotated[Wanted, from_query(Wanted)],
    area: Annotated[AreaCode | None, Query(description="Only this window's, street's or district's")] = None,
    run: Run = gated(Permission.CUSTODY_KEEP),
) -> Response:
    """List what was taken and not returned yet, longest in keeping first."""
    return answer(request, await run.read(service.held, wanted, area))
