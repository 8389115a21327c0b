"""Routes of handing over a case."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_intake.handoffs import service
from onewindow_intake.handoffs.many import offer_many
from onewindow_intake.handoffs.problems import AlreadyOffered, AnsweredFor, HandOffSettled, NotResponsible
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.handing_over import ManyHandOffs, ManyHandOffsIn
from onewindow_shared.contracts.handoffs import BounceIn, HandOff, HandOffIn, ResponsibilityIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import UNCHANGED, IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    ASKING,
    CHANGING,
    CREATING,
    MOVING,
    READING,
    BadCursor,
    MoveRefused,
    NotFound,
    Unavailable,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1", tags=["hand-offs"])
LIST = {**UNCHANGED, **problems(*READING, BadCursor)}
SETTLE = problems(*CHANGING, NotResponsible, HandOffSettled)
OFFER = problems(*CREATING, NotResponsible, NotFound, AlreadyOffered, MoveRefused)
ACCEPT = problems(*MOVING, NotResponsible, HandOffSettled)
ASSIGN = problems(*MOVING)
CHARGE = problems(*MOVING, AnsweredFor)
HandOffId = Annotated[int, Path(ge=1, le=2**53)]


@router.post(
    "/cases/{case_no}/handoffs",
    status_code=201,
    summary="Offer a case to an officer",
    response_model=HandOff,
    responses=OFFER,
)
async def offer_case(
    case_no: CaseNo,
    body: HandOffIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_HAND_OVER),
) -> Response:
    """Offer a case to a named officer; until they accept, the giver stays responsible."""
    return await run.create(idempotency_key, body, service.offer, case_no)


@router.post("/cases/{case_no}/claim", summary="Answer for a case from home", responses=CHARGE)
async def claim_case(case_no: CaseNo, seen: IfMatch, run: Run = gated(Permission.CASE_HAND_OVER)) -> CaseOut:
    """Become responsible for a case that nobody answers for yet."""
    return await run.change(service.claim, case_no, seen)


@router.post("/cases/{case_no}/assignment", summary="Make an officer responsible", responses=ASSIGN)
async def assign_case(
    case_no: CaseNo, body: ResponsibilityIn, seen: IfMatch, run: Run = gated(Permission.CASE_ASSIGN)
) -> CaseOut:
    """Have another officer answer for a case whose own is absent; an offer by anybody else ends."""
    return await run.change(service.assign, case_no, seen, body)


@router.post(
    "/cases/handoffs", summary="Offer many cases to an officer", responses=problems(*ASKING, Unavailable)
)
async def offer_many_cases(body: ManyHandOffsIn, run: Run = gated(Permission.CASE_HAND_OVER)) -> ManyHandOffs:
    """Offer up to 200 cases to one officer; each has a result of its own, and may be sent again."""
    return await offer_many(run, body)


@router.get(
    "/cases/{case_no}/handoffs",
    summary="List the hand-offs of a case",
    response_model=Page[HandOff],
    responses=LIST,
)
async def list_handoffs_of_case(
    request: Request,
    case_no: CaseNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.CASE_HAND_OVER),
) -> Response:
    """List every offer of a case and what became of it, oldest first."""
    return answer(request, await run.read(service.of_case, wanted, case_no))


@router.get("/handoffs", summary="List what waits for me", response_model=Page[HandOff], responses=LIST)
async def list_my_handoffs(
    request: Request,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.CASE_HAND_OVER),
) -> Response:
    """List the cases that are offered to the caller and wait for an answer, oldest first."""
    return answer(request, await run.read(service.waiting, wanted))


@router.post(
    "/cases/{case_no}/handoffs/{handoff_id}/acceptance", summary="Take a case over", responses=ACCEPT
)
async def accept_handoff(
    case_no: CaseNo,
    handoff_id: HandOffId,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HAND_OVER),
) -> HandOff:
    """Accept a case that was offered to the caller, who is responsible for it from then on."""
    return await run.change(service.accept, case_no, handoff_id, seen)


@router.post("/cases/{case_no}/handoffs/{handoff_id}/bounce", summary="Give a case back", responses=SETTLE)
async def bounce_handoff(
    case_no: CaseNo,
    handoff_id: HandOffId,
    body: BounceIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HAND_OVER),
) -> HandOff:
    """Refuse an offer with a reason; the giver stays responsible, and the bounce is counted."""
    return await run.change(service.bounce, case_no, handoff_id, seen, body)


@router.post(
    "/cases/{case_no}/handoffs/{handoff_id}/withdrawal", summary="Take an offer back", responses=SETTLE
)
async def withdraw_handoff(
    case_no: CaseNo,
    handoff_id: HandOffId,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HAND_OVER),
) -> HandOff:
    """Take back one's own offer while it waits."""
    return await run.change(service.withdraw, case_no, handoff_id, seen)
