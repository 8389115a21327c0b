"""Opening, reading and withdrawing the calendar of one's places."""

import secrets

from sqlalchemy import delete, select

from onewindow_shared.contracts.activities import SignupStatus
from onewindow_shared.contracts.attending import CalendarFeedOut
from onewindow_shared.plumbing.bulk import insert_into
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities.models import Activity, Shift, Signup
from onewindow_volunteers.feeds.models import CalendarFeed
from onewindow_volunteers.feeds.rules import Appointment, calendar
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.people.queries import latest_held
from onewindow_volunteers.settings import settings_of

PREFIX = "/api/volunteers/v1/calendars"
PURPOSE = "volunteers.calendar_feed"
BYTES, MOST = 32, 500


def open_feed(unit: Unit) -> CalendarFeedOut:
    """Make an address of one's calendar that nobody can guess; an earlier one ends."""
    person = latest_held(unit.session, unit.actor.subject)
    secret = secrets.token_urlsafe(BYTES)
    told = {"secret_index": _index(unit, secret), "since": unit.now}
    opened = insert_into(unit.session, CalendarFeed).values(volunteer_id=person.id, **told)
    one = opened.on_conflict_do_update(index_elements=[CalendarFeed.volunteer_id], set_=told)
    unit.session.execute(one)
    _audit(unit, person, "opened")
    return CalendarFeedOut(address=f"{PREFIX}/{secret}")


def withdraw(unit: Unit) -> None:
    """End one's calendar's address."""
    person = latest_held(unit.session, unit.actor.subject)
    withdraw_of(unit, person)
    _audit(unit, person, "withdrawn")


def withdraw_of(unit: Unit, person: Volunteer) -> None:
    """End the address of somebody's calendar, if there is one."""
    unit.session.execute(delete(CalendarFeed).where(CalendarFeed.volunteer_id == person.id))


def read(unit: Unit, secret: str) -> str:
    """Return the calendar behind an address: the places of its volunteer, and of nobody else."""
    feed = must_find(
        unit.session, select(CalendarFeed).where(CalendarFeed.secret_index == _index(unit, secret))
    )
    query = (
        select(Signup, Shift, Activity)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Activity, Activity.id == Signup.activity_id)
        .where(
            Signup.volunteer_id == feed.volunteer_id,
            Signup.status == SignupStatus.PLACED,
            Shift.ends_at > unit.now - settings_of(unit).calendar_past,
        )
        .order_by(Shift.starts_at)
        .limit(MOST)
    )
    return calendar(
        Appointment(
            f"signup-{signup.id}@onewindow",
            signup.status_since,
            shift.starts_at,
            shift.ends_at,
            activity.title,
            activity.place or "",
        )
        for signup, shift, activity in unit.session.execute(query)
    )


def _index(unit: Unit, secret: str) -> str:
    return unit.vault.blind_index(secret, purpose=PURPOSE)


def _audit(unit: Unit, person: Volunteer, action: str) -> None:
    unit.audit(f"calendar.{action}", "volunteer", person.volunteer_no, area=person.community)
