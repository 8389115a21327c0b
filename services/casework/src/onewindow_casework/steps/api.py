"""Routes of a case's steps, and of objections to what was put up."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from onewindow_casework.handling.moving import NotYours
from onewindow_casework.steps import objections, service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.casework import CaseFileOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.steps import (
    CheckIn,
    CompletionIn,
    HearingIn,
    ObjectionIn,
    ObjectionOut,
    PublicityIn,
    RulingIn,
    StepNumber,
    StepOut,
    StepReturnIn,
)
from onewindow_shared.plumbing.conditional import IfMatch
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

router = APIRouter(prefix="/api/casework/v1/cases/{case_no}", tags=["steps"])
WRITE = (*MOVING, NotYours)
Number = Annotated[StepNumber, Path()]
ObjectionId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/steps", summary="List the steps", responses=problems(*READING, BadCursor))
async def list_case_steps(
    case_no: CaseNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.CASE_READ)
) -> Page[StepOut]:
    """List the steps of a case in their order; on the plain path its delivery alone, once it is decided."""
    return await run.read(service.several, wanted, case_no)


@router.post("/steps/{number}/completion", summary="Complete a step", responses=problems(*WRITE))
async def complete_step(
    case_no: CaseNo, number: Number, body: CompletionIn, seen: IfMatch, run: Run = gated(Permission.CASE_STEP)
) -> CaseFileOut:
    """Say what came of a step; a publicity is completed after its last day, with no objection open."""
    return await run.change(service.complete, case_no, number, seen, body)


@router.post("/steps/{number}/check", summary="Check a step", responses=problems(*WRITE))
async def check_step(
    case_no: CaseNo, number: Number, body: CheckIn, seen: IfMatch, run: Run = gated(Permission.CASE_STEP)
) -> CaseFileOut:
    """Confirm what another officer did, where the item asks for two."""
    return await run.change(service.check, case_no, number, seen, body)


@router.post("/steps/{number}/return", summary="Send a step back", responses=problems(*WRITE))
async def return_step(
    case_no: CaseNo, number: Number, body: StepReturnIn, seen: IfMatch, run: Run = gated(Permission.CASE_STEP)
) -> CaseFileOut:
    """Have what another officer did done anew."""
    return await run.change(service.send_back, case_no, number, seen, body)


@router.post("/steps/{number}/publicity", summary="Put up", responses=problems(*WRITE))
async def put_step_up(
    case_no: CaseNo, number: Number, body: PublicityIn, seen: IfMatch, run: Run = gated(Permission.CASE_STEP)
) -> CaseFileOut:
    """Make the outcome so far public, for the days of the item."""
    return await run.change(service.put_up, case_no, number, seen, body)


@router.get("/objections", summary="List the objections", responses=problems(*READING, BadCursor))
async def list_objections(
    case_no: CaseNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.CASE_STEP)
) -> Page[ObjectionOut]:
    """List the objections of a case, oldest first; names are masked."""
    return await run.read(objections.several, wanted, case_no)


@router.post(
    "/steps/{number}/objections",
    status_code=201,
    response_model=ObjectionOut,
    summary="Take an objection",
    responses=problems(*CREATING, NotFound, MoveRefused),
)
async def take_objection(
    case_no: CaseNo,
    number: Number,
    body: ObjectionIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_STEP),
) -> Response:
    """Take what somebody has against an outcome while it is up; who they are and their words lie sealed."""
    return await run.create(idempotency_key, body, objections.take, case_no, number)


@router.post("/objections/{objection_id}/hearing", summary="Hear an objection", responses=problems(*WRITE))
async def hear_objection(
    case_no: CaseNo,
    objection_id: ObjectionId,
    body: HearingIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_STEP),
) -> ObjectionOut:
    """Write down what whoever objects said."""
    return await run.change(objections.hear, case_no, objection_id, seen, body)


@router.post("/objections/{objection_id}/ruling", summary="Rule on an objection", responses=problems(*WRITE))
async def rule_on_objection(
    case_no: CaseNo,
    objection_id: ObjectionId,
    body: RulingIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_STEP),
) -> ObjectionOut:
    """Dismiss an objection that was heard, or uphold it: the work is done again from a step on."""
    return await run.change(objections.rule, case_no, objection_id, seen, body)
