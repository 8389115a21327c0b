"""Routes of stars, honours and incentives."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.stars import (
    HonourIn,
    HonourOut,
    ObjectionIn,
    ObjectionOut,
    ObjectionRow,
    StarIn,
    StarOut,
    StarRow,
    StarRulingIn,
    StarStatus,
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
    Invalid,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_volunteers.stars import service
from onewindow_volunteers.stars.problems import NoStarYet, ObjectedAlready, PublicityOver, StarAlready

router = APIRouter(prefix="/api/volunteers/v1", tags=["stars"])
CREATE = (*CREATING, NotFound)
PUBLICITY = open_to_all("stars are shown to everybody before they are granted")
Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.post(
    "/stars",
    status_code=201,
    response_model=StarOut,
    summary="Apply for the next star",
    responses=problems(*CREATE, NoStarYet, StarAlready),
)
async def apply_for_star(
    body: StarIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.SHIFT_JOIN)
) -> Response:
    """Apply for the star after the last that one was granted; it is shown to everybody first."""
    return await run.create(idempotency_key, body, service.apply)


@router.get("/stars", summary="Stars shown to everybody", responses=problems(Invalid, BadCursor))
async def list_stars(
    wanted: Annotated[Wanted, from_query(Wanted)],
    status: Annotated[
        StarStatus, Query(description="Open to objections, or granted")
    ] = StarStatus.PUBLICISED,
    run: Run = PUBLICITY,
) -> Page[StarRow]:
    """List stars that were applied for or granted, with masked names, newest first."""
    return await run.read(service.publicity, wanted, status)


@router.get("/stars/reached", summary="Stars within reach", responses=problems(*LISTING))
async def list_own_stars(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.VOLUNTEER_READ)
) -> Page[StarOut]:
    """List one's own stars, or those of one's area, with what became of each."""
    return await run.read(service.mine, wanted)


@router.post(
    "/stars/{star_id}/objections",
    status_code=201,
    response_model=ObjectionOut,
    summary="Object to a star",
    responses=problems(*CREATE, PublicityOver, ObjectedAlready),
)
async def object_to_star(
    star_id: Id,
    body: ObjectionIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.VOLUNTEER_REGISTER),
) -> Response:
    """Say why a star should not be granted, while it is open to objections."""
    return await run.create(idempotency_key, body, service.object_to, star_id)


@router.get(
    "/stars/{star_id}/objections",
    summary="What was said against a star",
    responses=problems(*READING, BadCursor),
)
async def list_objections(
    star_id: Id, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.RECORD_RULE)
) -> Page[ObjectionRow]:
    """List the objections to a star of one's area, for whoever decides; who objects is not told."""
    return await run.read(service.objections, star_id, wanted)


@router.post(
    "/stars/{star_id}/ruling",
    summary="Decide on a star",
    responses=problems(*MOVING),
)
async def rule_star(
    star_id: Id, body: StarRulingIn, seen: IfMatch, run: Run = gated(Permission.RECORD_RULE)
) -> StarOut:
    """Grant or refuse a star that somebody objects to, once its publicity is over."""
    return await run.change(service.rule, star_id, seen, body)


@router.post(
    "/honours",
    status_code=201,
    response_model=HonourOut,
    summary="Record an honour or an incentive",
    responses=problems(*CREATE),
)
async def record_honour(
    body: HonourIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.RECORD_CONFIRM)
) -> Response:
    """Record what a volunteer of one's area was honoured or rewarded with."""
    return await run.create(idempotency_key, body, service.honour)


@router.get(
    "/people/{volunteer_no}/honours",
    summary="A volunteer's honours and incentives",
    responses=problems(*READING, BadCursor),
)
async def list_honours(
    volunteer_no: VolunteerNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.VOLUNTEER_READ),
) -> Page[HonourOut]:
    """List one's own honours and incentives, or those of a volunteer of one's area, newest first."""
    return await run.read(service.honours, volunteer_no, wanted)
