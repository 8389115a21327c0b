"""Routes of a case's agency (代办)."""

from typing import Annotated

from fastapi import APIRouter, Response

from onewindow_casework.agency import service
from onewindow_casework.handling.moving import NotYours
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.agency import (
    AgencyAction,
    AgencyEntrustmentIn,
    AgencyIn,
    AgencyOut,
    AgencyReasonIn,
    AgencyResumptionIn,
    VisitIn,
    VisitOut,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch, tagged
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    MOVING,
    READING,
    BadCursor,
    MoveRefused,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1/cases/{case_no}/agency", tags=["agency"])
WRITE = (*MOVING, NotYours)
CREATE = (*CREATING, NotFound, MoveRefused)


@router.get("", summary="Read the agency", responses=problems(*READING))
async def read_agency(
    response: Response, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)
) -> AgencyOut:
    """Show where the agency of a case stands, and what happened to it; 404 where nobody asked for one."""
    found = await run.read(service.one, case_no)
    tagged(response, found)
    return found


@router.post(
    "", status_code=201, response_model=AgencyOut, summary="Ask for an agent", responses=problems(*CREATE)
)
async def ask_for_agent(
    case_no: CaseNo,
    body: AgencyIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_WITHDRAW),
) -> Response:
    """Ask for an agent in an accepted case; the applicant, or the window or agent for them."""
    return await run.create(idempotency_key, body, service.ask, case_no)


@router.post("/entrustment", summary="Entrust", responses=problems(*WRITE))
async def entrust_agent(
    case_no: CaseNo, body: AgencyEntrustmentIn, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)
) -> AgencyOut:
    """Take the signed letter of entrustment, and the papers handed over with it; anew if it ended unused."""
    return await run.change(service.entrust, case_no, seen, body)


@router.post("/start", summary="Begin the agency", responses=problems(*WRITE))
async def start_agency(case_no: CaseNo, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)) -> AgencyOut:
    """Begin to act in the applicant's place."""
    return await run.change(service.start, case_no, seen)


@router.post("/suspension", summary="Suspend the agency", responses=problems(*WRITE))
async def suspend_agency(
    case_no: CaseNo, body: AgencyReasonIn, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)
) -> AgencyOut:
    """Suspend the agency (中止单); the limits of the case run on."""
    return await run.change(service.change, case_no, AgencyAction.SUSPEND, seen, body)


@router.post("/resumption", summary="Resume the agency", responses=problems(*WRITE))
async def resume_agency(
    case_no: CaseNo, body: AgencyResumptionIn, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)
) -> AgencyOut:
    """Go on with a suspended agency (续办委托书); a letter that has ended is renewed with it."""
    return await run.change(service.resume, case_no, seen, body)


@router.post("/completion", summary="Complete the agency", responses=problems(*WRITE))
async def complete_agency(
    case_no: CaseNo, body: AgencyReasonIn, seen: IfMatch, run: Run = gated(Permission.CASE_HANDLE)
) -> AgencyOut:
    """Say what came of the agency (办结单)."""
    return await run.change(service.change, case_no, AgencyAction.COMPLETE, seen, body)


@router.post("/termination", summary="Terminate the agency", responses=problems(*WRITE))
async def terminate_agency(
    case_no: CaseNo, body: AgencyReasonIn, seen: IfMatch, run: Run = gated(Permission.CASE_WITHDRAW)
) -> AgencyOut:
    """End the agency before it is done (终止单); the applicant may, too."""
    return await run.change(service.change, case_no, AgencyAction.TERMINATE, seen, body)


@router.get("/visits", summary="List visits", responses=problems(*READING, BadCursor))
async def list_agency_visits(
    case_no: CaseNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.CASE_READ)
) -> Page[VisitOut]:
    """List the ways that the agent went in the applicant's place."""
    return await run.read(service.visits, wanted, case_no)


@router.post(
    "/visits",
    status_code=201,
    response_model=VisitOut,
    summary="Add a visit",
    responses=problems(*CREATE, NotYours),
)
async def add_agency_visit(
    case_no: CaseNo,
    body: VisitIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_HANDLE),
) -> Response:
    """Write down a way that the agent went, so that the ways the applicant was spared are counted."""
    return await run.create(idempotency_key, body, service.visit, case_no)
