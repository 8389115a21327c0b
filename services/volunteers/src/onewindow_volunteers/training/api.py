"""Routes of trainings."""

from typing import Annotated

from fastapi import APIRouter, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.attending import TrainingIn, TrainingOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    READING,
    BadCursor,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.training import service

router = APIRouter(prefix="/api/volunteers/v1", tags=["people"])


@router.post(
    "/trainings",
    status_code=201,
    response_model=TrainingOut,
    summary="Write a training down",
    responses=problems(*CREATING, NotFound),
)
async def write_training_down(
    body: TrainingIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> Response:
    """Write down that a volunteer of one's area was trained; activities that need the skill ask for it."""
    return await run.create(idempotency_key, body, service.write_down)


@router.get(
    "/people/{volunteer_no}/trainings",
    summary="A volunteer's trainings",
    responses=problems(*READING, BadCursor),
)
async def list_trainings(
    volunteer_no: VolunteerNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.VOLUNTEER_READ),
) -> Page[TrainingOut]:
    """List one's own trainings, or those of a volunteer of one's area, newest first."""
    return await run.read(service.of, volunteer_no, wanted)
