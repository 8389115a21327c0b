"""Routes of supervision: what is asked of whoever answers for a case, by time or from above."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from onewindow_casework.handling.moving import NotYours
from onewindow_casework.supervision import queries, service
from onewindow_casework.supervision.queries import Filters
from onewindow_casework.supervision.service import SupervisionOpen
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.supervision import (
    SecondOrderIn,
    SupervisionAnswerIn,
    SupervisionClosureIn,
    SupervisionIn,
    SupervisionOut,
    SupervisionRow,
)
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
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

router = APIRouter(prefix="/api/casework/v1", tags=["supervision"])
OF_CASE = "/cases/{case_no}/supervisions"
ONE = f"{OF_CASE}/{{supervision_id}}"
SupervisionId = Annotated[int, Path(ge=1, le=2**63 - 1)]
WRITE = (*MOVING, NotYours)


@router.get("/supervisions", summary="List supervisions", responses=problems(*LISTING))
async def list_supervisions(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.SUPERVISION_READ),
) -> Page[SupervisionRow]:
    """List what is asked within one's area and department, by time or by order, the newest first."""
    return await run.read(queries.several, wanted, filters)


@router.get(OF_CASE, summary="List the supervisions of a case", responses=problems(*READING, BadCursor))
async def list_supervisions_of_case(
    case_no: CaseNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.SUPERVISION_READ),
) -> Page[SupervisionOut]:
    """List what was asked of whoever answers for a case, with every order, answer and level, newest first."""
    return await run.read(service.list_of_case, wanted, case_no)


@router.post(
    OF_CASE,
    status_code=201,
    response_model=SupervisionOut,
    summary="Order from above",
    responses=problems(*CREATING, NotFound, MoveRefused, NotYours, SupervisionOpen),
)
async def issue_supervision(
    case_no: CaseNo,
    body: SupervisionIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.SUPERVISION_ISSUE),
) -> Response:
    """Urge (催办) or supervise (督办) an open case; the words lie sealed, the answer has its working days."""
    return await run.create(idempotency_key, body, service.issue, case_no)


@router.post(f"{ONE}/answer", summary="Answer a supervision", responses=problems(*WRITE))
async def answer_supervision(
    case_no: CaseNo,
    supervision_id: SupervisionId,
    body: SupervisionAnswerIn,
    seen: IfMatch,
    run: Run = gated(Permission.SUPERVISION_ANSWER),
) -> SupervisionOut:
    """Answer for the case, or, from a level in between, for whoever does; before the next level is asked."""
    return await run.change(service.answer, case_no, supervision_id, seen, body)


@router.post(f"{ONE}/second-order", summary="Ask again", responses=problems(*WRITE))
async def repeat_supervision(
    case_no: CaseNo,
    supervision_id: SupervisionId,
    body: SecondOrderIn,
    seen: IfMatch,
    run: Run = gated(Permission.SUPERVISION_ISSUE),
) -> SupervisionOut:
    """Ask again where the answer to an order does not do; from the level up that gave it."""
    return await run.change(service.again, case_no, supervision_id, seen, body)


@router.post(f"{ONE}/closure", summary="Close an order", responses=problems(*WRITE))
async def close_supervision(
    case_no: CaseNo,
    supervision_id: SupervisionId,
    body: SupervisionClosureIn,
    seen: IfMatch,
    run: Run = gated(Permission.SUPERVISION_ISSUE),
) -> SupervisionOut:
    """Close an order, content or taking it back; what a limit asks ends with its reason alone."""
    return await run.change(service.close, case_no, supervision_id, seen, body)
