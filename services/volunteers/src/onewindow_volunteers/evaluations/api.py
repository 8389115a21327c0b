"""Routes of evaluations."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.service_evaluations import (
    NeedEvaluationIn,
    ServiceEvaluationIn,
    ServiceEvaluationOut,
)
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, proved
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    READING,
    BadCursor,
    Invalid,
    MoveRefused,
    NotFound,
    Unauthorized,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_volunteers.evaluations import service
from onewindow_volunteers.evaluations.problems import EvaluatedAlready
from onewindow_volunteers.needs import service as needs

router = APIRouter(prefix="/api/volunteers/v1", tags=["service records"])
RecordId = Annotated[int, Path(ge=1, lt=2**63)]


@router.post(
    "/records/{record_id}/evaluations",
    status_code=201,
    response_model=ServiceEvaluationOut,
    summary="Evaluate a service",
    responses=problems(*CREATING, NotFound, MoveRefused, EvaluatedAlready),
)
async def evaluate_service(
    record_id: RecordId,
    body: ServiceEvaluationIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.RECORD_CONFIRM),
) -> Response:
    """Say, for the organisation, how well a confirmed service of one's area was done (art. 10); once."""
    return await run.create(idempotency_key, body, service.evaluate, record_id)


@router.get(
    "/records/{record_id}/evaluations",
    summary="How well a service was done",
    responses=problems(*READING, BadCursor),
)
async def list_service_evaluations(
    record_id: RecordId,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.RECORD_HEAR),
) -> Page[ServiceEvaluationOut]:
    """List what both sides say of a service, to the volunteer and to the record's area."""
    return await run.read(service.of_record, record_id, wanted)


@router.post(
    "/needs/evaluations",
    summary="Evaluate the help that one was given",
    responses=problems(Unauthorized, NotFound, TooManyCodes, Invalid, MoveRefused, EvaluatedAlready),
)
async def evaluate_help(
    request: Request,
    body: NeedEvaluationIn,
    run: Run = open_to_all("the resident who was helped has number and code, and need not have an account"),
) -> ServiceEvaluationOut:
    """Say by number and code how well one was helped, once that is confirmed; once."""
    tried = Try(needs.ENTITY, str(body.need_id), client_of(request))
    await proved(run, tried, needs.prove, body.code)
    return await run.runtime.system(service.evaluate_help, body.need_id, body)
