"""Routes of activities: what is announced, what organisers do, and where volunteers stand."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.activities import (
    ActivityIn,
    ActivityOut,
    ActivityRow,
    CallOffIn,
    PlacementIn,
    SignupIn,
    SignupOut,
    VolunteerNotice,
)
from onewindow_shared.contracts.common import CommunityCode, Page
from onewindow_shared.plumbing.conditional import IfMatch, answer, tag_of
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
from onewindow_shared.plumbing.runtime import Run, gated, one_after_another, open_to_all
from onewindow_shared.plumbing.unit import system_actor
from onewindow_volunteers.activities import service, signups
from onewindow_volunteers.activities.problems import (
    NotAdmitted,
    OfferOver,
    Overlaps,
    RoleFull,
    SignedUpAlready,
)
from onewindow_volunteers.people.problems import RecordingNotAgreedTo

router = APIRouter(prefix="/api/volunteers/v1", tags=["activities"])
JOIN = (*CREATING, NotFound, NotAdmitted, Overlaps, RecordingNotAgreedTo, RoleFull, SignedUpAlready)
ANNOUNCED = open_to_all("volunteers are called publicly (志愿服务条例 art. 12)")
Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.post(
    "/activities",
    status_code=201,
    response_model=ActivityOut,
    summary="Draft an activity",
    responses=problems(*CREATING),
)
async def draft_activity(
    body: ActivityIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> Response:
    """Draft an activity of one's area; it may lack what is needed only when it is published."""
    return await run.create(idempotency_key, body, service.draft)


@router.get("/activities", summary="List activities", responses=problems(Invalid, BadCursor))
async def list_activities(
    wanted: Annotated[Wanted, from_query(Wanted)],
    community: Annotated[CommunityCode | None, Query(description="Only this community's")] = None,
    run: Run = ANNOUNCED,
) -> Page[ActivityRow]:
    """List what is announced, newest first."""
    return await run.read(service.announced, wanted, community)


@router.get("/activities/drafts", summary="List drafts", responses=problems(*LISTING))
async def list_drafts(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> Page[ActivityRow]:
    """List the drafts of one's area, newest first."""
    return await run.read(service.drafts, wanted)


@router.get(
    "/activities/{activity_id}",
    response_model=ActivityOut,
    summary="Read an activity",
    responses=problems(NotFound, Invalid),
)
async def read_activity(request: Request, activity_id: Id, run: Run = ANNOUNCED) -> Response:
    """Show what is announced: content, times, places left, risks and conditions."""
    activity = await run.read(service.one, activity_id)
    return answer(request, activity, etag=tag_of(activity))


@router.get(
    "/activities/drafts/{activity_id}",
    response_model=ActivityOut,
    summary="Read a draft",
    responses=problems(*READING),
)
async def read_draft(
    request: Request, activity_id: Id, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> Response:
    """Show a draft of one's area as it stands."""
    activity = await run.read(service.one_draft, activity_id)
    return answer(request, activity, etag=tag_of(activity))


@router.delete(
    "/activities/{activity_id}", status_code=204, summary="Discard a draft", responses=problems(*MOVING)
)
async def discard_draft(activity_id: Id, seen: IfMatch, run: Run = gated(Permission.ACTIVITY_MANAGE)) -> None:
    """Delete a draft of one's area; what was announced is called off instead."""
    await run.write(service.discard, activity_id, seen)


@router.put("/activities/{activity_id}", summary="Change a draft", responses=problems(*MOVING))
async def redraft_activity(
    activity_id: Id,
    body: ActivityIn,
    seen: IfMatch,
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> ActivityOut:
    """Replace a draft; what is published stays as it was announced."""
    return await run.change(service.redraft, activity_id, seen, body)


@router.post(
    "/activities/{activity_id}/publication", summary="Publish an activity", responses=problems(*MOVING)
)
async def publish_activity(
    activity_id: Id, seen: IfMatch, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> ActivityOut:
    """Announce an activity; 422 names everything that the law wants announced and that is missing."""
    return await run.change(service.publish, activity_id, seen)


@router.post(
    "/activities/{activity_id}/cancellation", summary="Call off an activity", responses=problems(*MOVING)
)
async def call_off_activity(
    activity_id: Id,
    body: CallOffIn,
    seen: IfMatch,
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> ActivityOut:
    """Call an activity off; everybody concerned is told once."""
    return await run.change(service.call_off, activity_id, seen, body)


@router.post(
    "/shifts/{shift_id}/signups",
    status_code=201,
    response_model=SignupOut,
    summary="Sign up for a shift",
    responses=problems(*JOIN),
)
async def sign_up(
    shift_id: Id, body: SignupIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.SHIFT_JOIN)
) -> Response:
    """Take a place of a role, or stand in its line; nobody is in two places at once."""
    async with one_after_another(run.runtime, f"role {body.role_id}"):
        await run.runtime.read(
            system_actor(run.runtime.name), signups.expect_room, run.actor.subject, idempotency_key, body
        )
        return await run.create(idempotency_key, body, signups.sign_up, shift_id)


@router.post(
    "/shifts/{shift_id}/placements",
    status_code=201,
    response_model=SignupOut,
    summary="Offer a volunteer a place in spite of an overlap",
    responses=problems(*JOIN),
)
async def place_volunteer(
    shift_id: Id,
    body: PlacementIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> Response:
    """Keep a place for a volunteer of one's area although the time overlaps; theirs once they take it."""
    return await run.create(idempotency_key, body, signups.offer_anyway, shift_id)


@router.get("/shifts/{shift_id}/signups", summary="Who signed up", responses=problems(*LISTING))
async def list_shift_signups(
    shift_id: Id,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> Page[SignupOut]:
    """List who signed up for a shift of one's area, by volunteer number, in the order they came."""
    return await run.read(signups.of_shift, wanted, shift_id)


@router.get("/signups", summary="One's own places", responses=problems(*LISTING))
async def list_own_signups(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.SHIFT_JOIN)
) -> Page[SignupOut]:
    """List what one signed up for, with the position in each line."""
    return await run.read(signups.mine, wanted)


@router.get("/notices", summary="What one was told", responses=problems(*LISTING))
async def list_own_notices(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.SHIFT_JOIN)
) -> Page[VolunteerNotice]:
    """List offers, offers that ran out, and what was called off or given up, newest first."""
    return await run.read(signups.notices, wanted)


@router.post(
    "/signups/{signup_id}/acceptance",
    summary="Take an offered place",
    responses=problems(*MOVING, NotAdmitted, OfferOver, Overlaps, RecordingNotAgreedTo),
)
async def take_offer(signup_id: Id, seen: IfMatch, run: Run = gated(Permission.SHIFT_JOIN)) -> SignupOut:
    """Take the place that is kept for one, while it is kept."""
    return await run.change(signups.take_offer, signup_id, seen)


@router.post("/signups/{signup_id}/cancellation", summary="Give a place back", responses=problems(*MOVING))
async def cancel_signup(signup_id: Id, seen: IfMatch, run: Run = gated(Permission.SHIFT_JOIN)) -> SignupOut:
    """Give a place, an offer or a place in the line back; the next in line is offered it."""
    return await run.change(signups.cancel, signup_id, seen)
