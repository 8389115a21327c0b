"""Routes of cases: looking, and every step from taking one on to closing it."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from onewindow_casework.handling import queries, service
from onewindow_casework.handling.queries import Filters
from onewindow_casework.handling.service import AlreadyAssigned, NotYours
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.casework import (
    AssignmentIn,
    CaseActions,
    CaseFileOut,
    CaseRow,
    DecisionIn,
    DeliveryIn,
    Queue,
    WithdrawalIn,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch, answer, tagged
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    BadCursor,
    Invalid,
    MoveRefused,
    NotFound,
    NotPermitted,
    Unauthorized,
    VersionRequired,
    VersionStale,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["cases"])
ANYONE = (Unauthorized, NotPermitted)
READ = (*ANYONE, NotFound, Invalid)
WRITE = (*READ, MoveRefused, VersionStale, VersionRequired)


@router.get("/cases", summary="List cases", responses=problems(*ANYONE, Invalid, BadCursor))
async def list_cases(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.CASE_READ),
) -> Page[CaseRow]:
    """List the cases within one's area and department, or one's own, by promised date or newest first."""
    return await run.read(queries.several, wanted, filters)


@router.get("/queue", summary="Count what waits", responses=problems(*ANYONE))
async def read_queue(run: Run = gated(Permission.CASE_READ)) -> Queue:
    """Count the open cases within one's reach: one's own, nobody's, due today, overdue."""
    return await run.read(queries.queue)


@router.get("/cases/{case_no}", response_model=CaseFileOut, summary="Read a case", responses=problems(*READ))
async def read_case(request: Request, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> Response:
    """Show a case with its limits, decision and delivery; the `ETag` is what writes ask for."""
    case = await run.read(service.one, case_no)
    return answer(request, case, etag=str(case.version))


@router.get("/cases/{case_no}/actions", summary="Ask what can be done", responses=problems(*READ))
async def read_actions(case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> CaseActions:
    """List the steps that the caller may take with a case in its present state."""
    return await run.read(service.possible, case_no)


@router.post("/cases/{case_no}/claim", summary="Take charge", responses=problems(*WRITE, AlreadyAssigned))
async def claim_case(
    case_no: CaseNo, seen: IfMatch, response: Response, run: Run = gated(Permission.CASE_HANDLE)
) -> CaseFileOut:
    """Take charge of a case that nobody is in charge of."""
    case = await run.write(service.claim, case_no, seen)
    tagged(response, case)
    return case


@router.post("/cases/{case_no}/assignments", summary="Put somebody in charge", responses=problems(*WRITE))
async def assign_case(
    case_no: CaseNo,
    body: AssignmentIn,
    seen: IfMatch,
    response: Response,
    run: Run = gated(Permission.CASE_ASSIGN),
) -> CaseFileOut:
    """Put an officer in charge of a case that is not decided yet, or another one than before."""
    case = await run.write(service.assign, case_no, seen, body)
    tagged(response, case)
    return case


@router.post("/cases/{case_no}/start", summary="Begin the work", responses=problems(*WRITE, NotYours))
async def start_case(
    case_no: CaseNo, seen: IfMatch, response: Response, run: Run = gated(Permission.CASE_HANDLE)
) -> CaseFileOut:
    """Begin the work on a case that one is in charge of."""
    case = await run.write(service.start, case_no, seen)
    tagged(response, case)
    return case


@router.post("/cases/{case_no}/decision", summary="Decide", responses=problems(*WRITE, NotYours))
async def decide_case(
    case_no: CaseNo,
    body: DecisionIn,
    seen: IfMatch,
    response: Response,
    run: Run = gated(Permission.CASE_DECIDE),
) -> CaseFileOut:
    """Grant, or refuse with reasons and remedies; by the case's department, not by the officer in charge."""
    case = await run.write(service.decide, case_no, seen, body)
    tagged(response, case)
    return case


@router.post("/cases/{case_no}/delivery", summary="Hand the outcome over", responses=problems(*WRITE))
async def deliver_case(
    case_no: CaseNo,
    body: DeliveryIn,
    seen: IfMatch,
    response: Response,
    run: Run = gated(Permission.CASE_DELIVER),
) -> CaseFileOut:
    """Write down how the certificate or the notice reached the applicant."""
    case = await run.write(service.deliver, case_no, seen, body)
    tagged(response, case)
    return case


@router.post("/cases/{case_no}/closure", summary="Close", responses=problems(*WRITE))
async def close_case(
    case_no: CaseNo, seen: IfMatch, response: Response, run: Run = gated(Permission.CASE_DELIVER)
) -> CaseFileOut:
    """Close a delivered case; it ends as `closed`, or as `refused` where the decision was a refusal."""
    case = await run.write(service.close, case_no, seen)
    tagged(response, case)
    return case


@router.post("/cases/{case_no}/withdrawal", summary="Take a case back", responses=problems(*WRITE))
async def withdraw_case(
    case_no: CaseNo,
    body: WithdrawalIn,
    seen: IfMatch,
    response: Response,
    run: Run = gated(Permission.CASE_WITHDRAW),
) -> CaseFileOut:
    """Take a case back before it is decided; the applicant, or the window or agent for them."""
    case = await run.write(service.withdraw, case_no, seen, body)
    tagged(response, case)
    return case
