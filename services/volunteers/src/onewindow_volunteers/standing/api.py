"""Routes of suspensions."""

from typing import Annotated

from fastapi import APIRouter, Path

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.volunteer_life import AppealIn, AppealRulingIn, SuspensionIn, SuspensionOut
from onewindow_shared.contracts.volunteers import VolunteerOut
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    MOVING,
    READING,
    BadCursor,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.standing import service

router = APIRouter(prefix="/api/volunteers/v1", tags=["people"])
Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.post("/people/{volunteer_no}/suspension", summary="Suspend a volunteer", responses=problems(*MOVING))
async def suspend_person(
    volunteer_no: VolunteerNo,
    body: SuspensionIn,
    seen: IfMatch,
    run: Run = gated(Permission.VOLUNTEER_SUSPEND),
) -> VolunteerOut:
    """Keep a volunteer of one's area from serving; the volunteer reads the reason, and may appeal."""
    return await run.change(service.suspend, volunteer_no, seen, body)


@router.post(
    "/people/{volunteer_no}/resumption", summary="Let a volunteer serve again", responses=problems(*MOVING)
)
async def resume_person(
    volunteer_no: VolunteerNo, seen: IfMatch, run: Run = gated(Permission.VOLUNTEER_SUSPEND)
) -> VolunteerOut:
    """End a suspension of one's area, whether or not somebody appealed."""
    return await run.change(service.resume, volunteer_no, seen)


@router.get(
    "/people/{volunteer_no}/suspensions",
    summary="A volunteer's suspensions",
    responses=problems(*READING, BadCursor),
)
async def list_suspensions(
    volunteer_no: VolunteerNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.VOLUNTEER_READ),
) -> Page[SuspensionOut]:
    """List one's own suspensions, or those of a volunteer of one's area, newest first."""
    return await run.read(service.of, volunteer_no, wanted)


@router.post(
    "/suspensions/{suspension_id}/appeal", summary="Appeal against a suspension", responses=problems(*MOVING)
)
async def appeal_suspension(
    suspension_id: Id, body: AppealIn, seen: IfMatch, run: Run = gated(Permission.VOLUNTEER_REGISTER)
) -> SuspensionOut:
    """Say why one's suspension is wrong; once, while it lasts."""
    return await run.change(service.appeal, suspension_id, seen, body)


@router.post(
    "/suspensions/{suspension_id}/ruling", summary="Decide on an appeal", responses=problems(*MOVING)
)
async def rule_suspension(
    suspension_id: Id, body: AppealRulingIn, seen: IfMatch, run: Run = gated(Permission.VOLUNTEER_RULE)
) -> SuspensionOut:
    """Uphold or lift a suspension; the street or the district does this."""
    return await run.change(service.rule, suspension_id, seen, body)
