"""Routes of cases: posting, reading, and every move until a case is accepted, refused or withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from onewindow_intake.cases import reading, service
from onewindow_intake.cases.problems import (
    DuplicateUndecided,
    NumbersUsedUp,
    OutsideArea,
    SecondDemand,
    SecondNotice,
)
from onewindow_intake.deps import DeskDep, TermsDep
from onewindow_intake.routing.service import RouteBarred
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import (
    CaseCreated,
    CaseOut,
    CaseParticulars,
    HistoryEntry,
    NextActions,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.intake import (
    CaseDisclosureIn,
    CaseIn,
    CorrectionsIn,
    RefusalIn,
    TakenBackIn,
)
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import UNCHANGED, IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    MOVING,
    READING,
    BadCursor,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/cases", tags=["cases"])
READ = {**UNCHANGED, **problems(*READING)}
MOVE = problems(*MOVING)
ACCEPT = problems(*MOVING, RouteBarred)
MOVE_BY_NOTICE = problems(*MOVING, SecondDemand)


@router.post(
    "",
    status_code=201,
    summary="Post a case",
    response_model=CaseCreated,
    responses=problems(*CREATING, OutsideArea, DuplicateUndecided, NumbersUsedUp),
)
async def post_case(
    body: CaseIn, idempotency_key: IdempotencyKey, desk: DeskDep, run: Run = gated(Permission.CASE_CREATE)
) -> Response:
    """Take an application; with `accept`, accept it at once if nothing that is required is missing.

    With `decide`, an instant item is accepted, decided and closed in the same step.
    """
    return await desk.post(run, idempotency_key, body)


@router.get("/{case_no}", summary="Read a case", response_model=CaseOut, responses=READ)
async def read_case(request: Request, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> Response:
    """Show a case with its check-list; particulars are masked."""
    case = await run.read(reading.one, case_no)
    return answer(request, case, etag=str(case.version))


@router.get("/{case_no}/actions", summary="What can be done next", responses=READ)
async def read_case_actions(case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> NextActions:
    """List what the caller's roles may do with the case now."""
    return await run.read(reading.next_actions, case_no)


@router.get(
    "/{case_no}/timeline",
    summary="Follow a case",
    response_model=Page[HistoryEntry],
    responses={**UNCHANGED, **problems(*READING, BadCursor)},
)
async def read_case_timeline(
    request: Request,
    case_no: CaseNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.CASE_READ),
) -> Response:
    """List everything that happened to the case, here and where it is handled, oldest first."""
    return answer(request, await run.read(reading.history, wanted, case_no))


@router.post("/{case_no}/acceptance", summary="Accept a case", responses=ACCEPT)
async def accept_case(case_no: CaseNo, seen: IfMatch, run: Run = gated(Permission.CASE_ACCEPT)) -> CaseOut:
    """Accept a case in which nothing is missing; 422 names everything that is."""
    return await run.change(service.accept, case_no, seen)


@router.post(
    "/{case_no}/corrections",
    summary="Ask for corrections",
    responses=problems(*MOVING, SecondNotice),
)
async def ask_for_corrections(
    case_no: CaseNo,
    body: CorrectionsIn,
    seen: IfMatch,
    terms: TermsDep,
    run: Run = gated(Permission.CASE_ACCEPT),
) -> CaseOut:
    """Tell the applicant once, in one notice, everything that has to be corrected, and by when."""
    return await run.change(service.ask_for_corrections, case_no, seen, body, terms)


@router.post("/{case_no}/refusal", summary="Refuse to accept", responses=MOVE_BY_NOTICE)
async def refuse_case(
    case_no: CaseNo,
    body: RefusalIn,
    seen: IfMatch,
    terms: TermsDep,
    run: Run = gated(Permission.CASE_ACCEPT),
) -> CaseOut:
    """Refuse in writing: not needed, not ours (name the competent body), or still wrong after corrections."""
    return await run.change(service.refuse, case_no, seen, body, terms)


@router.post("/{case_no}/withdrawal", summary="Take a case back", responses=MOVE)
async def withdraw_case(
    case_no: CaseNo,
    body: TakenBackIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_WITHDRAW),
) -> CaseOut:
    """Take a case back on the applicant's wish; once it is accepted, casework does this."""
    return await run.change(service.withdraw, case_no, seen, body)


@router.post(
    "/{case_no}/disclosure",
    summary="Read full particulars",
    responses=problems(*READING),
)
async def disclose_particulars(
    case_no: CaseNo, body: CaseDisclosureIn, response: Response, run: Run = gated(Permission.CASE_UNMASK)
) -> CaseParticulars:
    """Show who applicant and agent are; the reason is kept in the audit."""
    found = await run.write(service.disclose, case_no, body)
    response.headers["Cache-Control"] = "no-store"
    return found
