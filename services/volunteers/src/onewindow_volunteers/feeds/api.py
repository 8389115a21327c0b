"""Routes of the calendar of one's places."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.attending import CalendarFeedOut
from onewindow_shared.plumbing.problems import GATED, Invalid, NotFound, problems
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_shared.plumbing.unit import system_actor
from onewindow_volunteers.feeds import service

router = APIRouter(prefix="/api/volunteers/v1", tags=["activities"])
CALENDAR = "text/calendar; charset=utf-8"
Secret = Annotated[str, Path(min_length=20, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


@router.post(
    "/people/me/calendar",
    summary="Open one's calendar",
    responses=problems(*GATED, NotFound),
)
async def open_calendar(response: Response, run: Run = gated(Permission.SHIFT_JOIN)) -> CalendarFeedOut:
    """Make an address that a phone's calendar subscribes to; it is told once, and an earlier one ends."""
    response.headers["Cache-Control"] = "no-store"
    return await run.write(service.open_feed)


@router.delete(
    "/people/me/calendar",
    status_code=204,
    summary="Withdraw one's calendar",
    responses=problems(*GATED, NotFound),
)
async def withdraw_calendar(run: Run = gated(Permission.SHIFT_JOIN)) -> None:
    """End the address of one's calendar."""
    await run.write(service.withdraw)


@router.get(
    "/calendars/{secret}",
    response_class=Response,
    summary="Read a calendar",
    responses={
        **problems(NotFound, Invalid),
        200: {"content": {"text/calendar": {"schema": {"type": "string"}}}},
    },
)
async def read_calendar(
    secret: Secret, run: Run = open_to_all("calendars of phones sign in nowhere: the address is the secret")
) -> Response:
    """Return the places of the volunteer whose address this is, as iCalendar (RFC 5545)."""
    system = system_actor(run.runtime.name, run.actor.request_id)
    text = await run.runtime.read(system, service.read, secret)
    return Response(text, media_type=CALENDAR, headers={"Cache-Control": "private, max-age=900"})
