"""Routes of cases: looking, and every step from taking one on to closing it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from onewindow_casework.assignment import ageing, queues
from onewindow_casework.assignment import service as assignment
from onewindow_casework.assignment.service import AlreadyAssigned, NobodyFree
from onewindow_casework.handling import deadlines, queries, reopening, service
from onewindow_casework.handling.deadlines import AlreadyExtended, LimitOver
from onewindow_casework.handling.moving import NotYours
from onewindow_casework.handling.queries import Filters
from onewindow_casework.handling.reopening import WindowOver
from onewindow_casework.handling.service import OriginalsStillKept
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.casework import (
    Ageing,
    AssignmentIn,
    CaseActions,
    CaseFileOut,
    CaseRow,
    DecisionIn,
    Queue,
    ReopeningIn,
    ReopeningOut,
    WithdrawalIn,
)
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.contracts.limits import ExtensionIn, ResumptionIn, SuspensionIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    GATED,
    LISTING,
    MOVING,
    READING,
    BadCursor,
    Invalid,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["cases"])


@router.get("/cases", summary="List cases", responses=problems(*LISTING))
async def list_cases(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.CASE_READ),
) -> Page[CaseRow]:
    """List the cases within one's area and department, or one's own, by promised date or newest first."""
    return await run.read(queries.several, wanted, filters)


@router.get("/queue", summary="Count what waits", responses=problems(*GATED))
async def read_queue(run: Run = gated(Permission.CASE_READ)) -> Queue:
    """Count the open cases within one's reach: one's own, the team's, nobody's, due today, overdue."""
    return await run.read(queues.queue)


@router.get(
    "/queue/ageing", summary="Count open cases by their last day", responses=problems(*GATED, Invalid)
)
async def read_ageing(
    area: Annotated[
        AreaCode | None, Query(description="Area within one's own; all of it unless given")
    ] = None,
    run: Run = gated(Permission.CASE_READ),
) -> Ageing:
    """Count the open cases within one's reach by how near, or how long over, their promised day is."""
    return await run.read(ageing.ageing, area)


@router.get(
    "/cases/{case_no}", response_model=CaseFileOut, summary="Read a case", responses=problems(*READING)
)
async def read_case(request: Request, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> Response:
    """Show a case with its limits, decision and delivery; the `ETag` is what writes ask for."""
    case = await run.read(service.one, case_no)
    return answer(request, case, etag=f"{case.version}.{case.lamp}" if case.lamp else str(case.version))


@router.get("/cases/{case_no}/actions", summary="Ask what can be done", responses=problems(*READING))
async def read_actions(case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> CaseActions:
    """List the steps that the caller may take with a case in its present state."""
    return await run.read(service.possible, case_no)


@router.post("/cases/{case_no}/claim", summary="Take charge", responses=problems(*MOVING, AlreadyAssigned))
async def claim_case(case_no: CaseNo, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)) -> CaseFileOut:
    """Take charge of a case that nobody is in charge of."""
    return await run.change(assignment.claim, case_no, seen)


@router.post(
    "/cases/{case_no}/assignments", summary="Put somebody in charge", responses=problems(*MOVING, NobodyFree)
)
async def assign_case(
    case_no: CaseNo,
    body: AssignmentIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_ASSIGN),
) -> CaseFileOut:
    """Put an officer in charge of a case that is not decided yet; by the roster where nobody is named."""
    return await run.change(assignment.assign, case_no, seen, body)


@router.post("/cases/{case_no}/start", summary="Begin the work", responses=problems(*MOVING, NotYours))
async def start_case(case_no: CaseNo, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)) -> CaseFileOut:
    """Begin the work on a case that one is in charge of."""
    return await run.change(service.start, case_no, seen)


@router.post("/cases/{case_no}/suspension", summary="Suspend", responses=problems(*MOVING, NotYours))
async def suspend_case(
    case_no: CaseNo,
    body: SuspensionIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HANDLE),
) -> CaseFileOut:
    """Stop both limits for a special procedure, for as many days as the applicant was told in writing."""
    return await run.change(deadlines.suspend, case_no, seen, body)


@router.post("/cases/{case_no}/resumption", summary="Resume", responses=problems(*MOVING, NotYours))
async def resume_case(
    case_no: CaseNo,
    body: ResumptionIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HANDLE),
) -> CaseFileOut:
    """Let the limits run on from the next day, with the result of the special procedure."""
    return await run.change(deadlines.resume, case_no, seen, body)


@router.post(
    "/cases/{case_no}/extension",
    summary="Extend",
    responses=problems(*MOVING, NotYours, AlreadyExtended, LimitOver),
)
async def extend_case(
    case_no: CaseNo,
    body: ExtensionIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_EXTEND),
) -> CaseFileOut:
    """Approve the one extension of both limits before the promised day is over, its reason told."""
    return await run.change(deadlines.extend, case_no, seen, body)


@router.post("/cases/{case_no}/decision", summary="Decide", responses=problems(*MOVING, NotYours))
async def decide_case(
    case_no: CaseNo,
    body: DecisionIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_DECIDE),
) -> CaseFileOut:
    """Grant, or refuse with reasons and remedies; by the case's department, not by the officer in charge."""
    return await run.change(service.decide, case_no, seen, body)


@router.post("/cases/{case_no}/closure", summary="Close", responses=problems(*MOVING, OriginalsStillKept))
async def close_case(
    case_no: CaseNo, seen: IfMatch, run: Run = gated(Permission.CASE_DELIVER)
) -> CaseFileOut:
    """Close a delivered case; it ends as `closed`, or as `refused` where the decision was a refusal."""
    return await run.change(service.close, case_no, seen)


@router.post("/cases/{case_no}/reopening", summary="Reopen", responses=problems(*MOVING, WindowOver))
async def reopen_case(
    case_no: CaseNo,
    body: ReopeningIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_REOPEN),
) -> CaseFileOut:
    """Have a closed case handled again, within the district's window counted from its closing."""
    return await run.change(reopening.reopen, case_no, seen, body)


@router.get("/cases/{case_no}/reopenings", summary="List reopenings", responses=problems(*READING, BadCursor))
async def list_reopenings(
    case_no: CaseNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.CASE_READ)
) -> Page[ReopeningOut]:
    """List when a case was taken up again, and the outcomes that it had before."""
    return await run.read(reopening.several, wanted, case_no)


@router.post("/cases/{case_no}/withdrawal", summary="Take a case back", responses=problems(*MOVING))
async def withdraw_case(
    case_no: CaseNo,
    body: WithdrawalIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_WITHDRAW),
) -> CaseFileOut:
    """Take a case back before it is decided; the applicant, or the window or agent for them."""
    return await run.change(service.withdraw, case_no, seen, body)
