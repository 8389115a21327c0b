"""Routes of the roster, of absences, of hand-offs, and of who was in charge."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from onewindow_casework.assignment import handoffs, service
from onewindow_casework.assignment.handoffs import OfferWaits
from onewindow_casework.assignment.service import RosteredMeanwhile
from onewindow_casework.handling.moving import NotYours
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.assignment import AbsenceIn, AbsenceOut, ChargeOut, RosterIn, RosterOut
from onewindow_shared.contracts.casework import Subject
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.handoffs import BounceIn, HandOff, HandOffIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch, tagged
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    CREATING,
    LISTING,
    MOVING,
    READING,
    BadCursor,
    MoveRefused,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["assignment"])
CREATE = (*CREATING, NotFound)
SETTLE = (*MOVING, NotYours)
Paged = Annotated[Wanted, from_query(Wanted)]
Id = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/roster", summary="List the roster", responses=problems(*LISTING))
async def list_roster(wanted: Paged, run: Run = gated(Permission.CASE_ASSIGN)) -> Page[RosterOut]:
    """List the officers within one's area to whom cases are given by rule."""
    return await run.read(service.roster, wanted)


@router.get("/roster/{subject}", summary="Read an officer's entry", responses=problems(*READING))
async def read_roster_entry(
    response: Response, subject: Subject, run: Run = gated(Permission.CASE_ASSIGN)
) -> RosterOut:
    """Show what an officer is given; the `ETag` is what writes ask for."""
    found = await run.read(service.one, subject)
    tagged(response, found)
    return found


@router.put(
    "/roster/{subject}", summary="Keep an officer's entry", responses=problems(*CHANGING, RosteredMeanwhile)
)
async def keep_roster_entry(
    subject: Subject, body: RosterIn, seen: IfMatch, run: Run = gated(Permission.CASE_ASSIGN)
) -> RosterOut:
    """Put an officer on the roster, or change what they are given; `If-Match: "0"` for a new one."""
    return await run.change(service.keep, subject, seen, body)


@router.get("/roster/{subject}/absences", summary="List absences", responses=problems(*READING, BadCursor))
async def list_absences(
    subject: Subject, wanted: Paged, run: Run = gated(Permission.CASE_ASSIGN)
) -> Page[AbsenceOut]:
    """List the days on which an officer is or was away."""
    return await run.read(service.absences, wanted, subject)


@router.post(
    "/roster/{subject}/absences",
    status_code=201,
    response_model=AbsenceOut,
    summary="Be away",
    responses=problems(*CREATE),
)
async def keep_absence(
    subject: Subject,
    body: AbsenceIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_ASSIGN),
) -> Response:
    """Write down from when to when an officer is away, and who stands in."""
    return await run.create(idempotency_key, body, service.be_away, subject)


@router.post(
    "/roster/{subject}/absences/{absence_id}/ending", summary="End an absence", responses=problems(*CHANGING)
)
async def end_absence(
    subject: Subject, absence_id: Id, seen: IfMatch, run: Run = gated(Permission.CASE_ASSIGN)
) -> AbsenceOut:
    """Take an absence back, or end it early."""
    return await run.change(service.end_absence, subject, absence_id, seen)


@router.get("/cases/{case_no}/charges", summary="Who was in charge", responses=problems(*READING, BadCursor))
async def list_charges(
    case_no: CaseNo, wanted: Paged, run: Run = gated(Permission.CASE_READ)
) -> Page[ChargeOut]:
    """List who came to answer for a case, how and when, oldest first."""
    return await run.read(service.charges, wanted, case_no)


@router.get("/handoffs", summary="List what is offered to me", responses=problems(*LISTING))
async def list_offered_cases(wanted: Paged, run: Run = gated(Permission.CASE_HANDLE)) -> Page[HandOff]:
    """List the cases that are offered to the caller and wait for an answer, oldest first."""
    return await run.read(handoffs.waiting, wanted)


@router.get(
    "/cases/{case_no}/handoffs",
    summary="List the hand-offs of a case",
    responses=problems(*READING, BadCursor),
)
async def list_case_handoffs(
    case_no: CaseNo, wanted: Paged, run: Run = gated(Permission.CASE_HANDLE)
) -> Page[HandOff]:
    """List every offer of a case and what became of it, oldest first."""
    return await run.read(handoffs.of_case, wanted, case_no)


@router.post(
    "/cases/{case_no}/handoffs",
    status_code=201,
    response_model=HandOff,
    summary="Offer a case to an officer",
    responses=problems(*CREATE, MoveRefused, NotYours, OfferWaits),
)
async def hand_case_on(
    case_no: CaseNo,
    body: HandOffIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_HANDLE),
) -> Response:
    """Offer a case to a named officer; until they accept, the giver stays in charge."""
    return await run.create(idempotency_key, body, handoffs.offer, case_no)


@router.post(
    "/cases/{case_no}/handoffs/{handoff_id}/acceptance",
    summary="Take a case over",
    responses=problems(*SETTLE),
)
async def accept_case(
    case_no: CaseNo, handoff_id: Id, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)
) -> HandOff:
    """Take charge of a case that was offered to the caller."""
    return await run.change(handoffs.accept, case_no, handoff_id, seen)


@router.post(
    "/cases/{case_no}/handoffs/{handoff_id}/bounce", summary="Give a case back", responses=problems(*SETTLE)
)
async def bounce_case(
    case_no: CaseNo,
    handoff_id: Id,
    body: BounceIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HANDLE),
) -> HandOff:
    """Refuse an offer with a reason; the giver stays in charge."""
    return await run.change(handoffs.bounce, case_no, handoff_id, seen, body)


@router.post(
    "/cases/{case_no}/handoffs/{handoff_id}/withdrawal",
    summary="Take an offer back",
    responses=problems(*SETTLE),
)
async def withdraw_offer(
    case_no: CaseNo, handoff_id: Id, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)
) -> HandOff:
    """Take back one's own offer while it waits."""
    return await run.change(handoffs.withdraw, case_no, handoff_id, seen)
