"""Routes of people who walked in."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.attending import MergeIn, WalkInIn, WalkInOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    MOVING,
    READING,
    BadCursor,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.people.problems import RecordingNotAgreedTo
from onewindow_volunteers.records.problems import CountedElsewhere, RecordedAlready
from onewindow_volunteers.walkins import service

router = APIRouter(prefix="/api/volunteers/v1", tags=["service records"])
Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.post(
    "/shifts/{shift_id}/walk-ins",
    status_code=201,
    response_model=WalkInOut,
    summary="Write down who walked in",
    responses=problems(*CREATING, NotFound),
)
async def write_walk_in_down(
    shift_id: Id,
    body: WalkInIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> Response:
    """Write down somebody who helped without a place, by name until it is known who it was."""
    return await run.create(idempotency_key, body, service.write_down, shift_id)


@router.get("/shifts/{shift_id}/walk-ins", summary="Who walked in", responses=problems(*READING, BadCursor))
async def list_walk_ins(
    shift_id: Id,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> Page[WalkInOut]:
    """List who walked in to a shift of one's area, masked, in the order they were written down."""
    return await run.read(service.of_shift, shift_id, wanted)


@router.post(
    "/walk-ins/{walk_in_id}/merge",
    summary="Say who walked in",
    responses=problems(*MOVING, RecordedAlready, RecordingNotAgreedTo, CountedElsewhere),
)
async def merge_walk_in(
    walk_in_id: Id, body: MergeIn, seen: IfMatch, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> WalkInOut:
    """Merge somebody who walked in to a volunteer of one's area; what they gave waits for confirmation."""
    return await run.change(service.merge, walk_in_id, seen, body)
