"""Confirming what was given, hearing both sides where it is disputed, and adding it up."""

from datetime import date
from functools import partial

from sqlalchemy import Select, select

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.records import (
    DisputeIn,
    HoursOut,
    RecordOut,
    RecordStatus,
    ReplyIn,
    RulingIn,
    StatementKind,
)
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.published_years import shipped_calendar
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import BeyondCalendar, WorkCalendar
from onewindow_volunteers.engagement.counting import counted
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.people.queries import latest_of, person_of
from onewindow_volunteers.people.queries import volunteer as volunteer_of
from onewindow_volunteers.records import queries, rules
from onewindow_volunteers.records.counted import rule_minutes
from onewindow_volunteers.records.counting import count_confirmed, count_minutes
from onewindow_volunteers.records.hearing import say
from onewindow_volunteers.records.models import HourEntry, ServiceRecord
from onewindow_volunteers.records.problems import HigherLevelConfirms
from onewindow_volunteers.records.rules import RecordAction
from onewindow_volunteers.records.times import long_over, rule_times
from onewindow_volunteers.settings import settings_of
from onewindow_volunteers.stars.queries import granted

ENTITY = "service_record"
HELP_COUNTS = f"{ENTITY}.help_counts"
"""Timer of what follows when other minutes of help for a resident count than before."""
SETTLED = f"{ENTITY}.settled"
"""Timer of what follows for papers that tell a record when its dispute has been ruled."""


def confirm(unit: Unit, record_id: int, seen: int) -> RecordOut:
    """Confirm what was given; long days are confirmed by the street or the district."""
    record = _to_change(unit, record_id, seen)
    move(record, RecordAction.CONFIRM)
    _confirmed(unit, record, record.minutes or 0, RecordAction.CONFIRM)
    audit(unit, record, "confirmed")
    return queries.shown(record, unit.today)


def dispute(unit: Unit, record_id: int, seen: int, form: DisputeIn) -> RecordOut:
    """Say that something else was given; until it is ruled, what was confirmed does not count.

    What was ruled is not disputed again, unless the district allows it.
    """
    record = _to_change(unit, record_id, seen)
    _doubt(unit, record, RecordAction.DISPUTE, StatementKind.DISPUTE)
    record.claimed_minutes = form.minutes
    say(unit, record, StatementKind.DISPUTE, form.evidence, form.minutes)
    audit(unit, record, "disputed")
    return queries.shown(record, unit.today)


def contest(unit: Unit, record_id: int, seen: int, form: ReplyIn) -> RecordOut:
    """Say, as the organisation's side, that a record is not true (民政部令第67号 arts. 13, 19).

    Until it is ruled nothing of it counts; the volunteer reads why. What was ruled is not contested again.
    """
    record = _to_change(unit, record_id, seen)
    _doubt(unit, record, RecordAction.CONTEST, StatementKind.RULING)
    say(unit, record, StatementKind.REPLY, form.evidence)
    audit(unit, record, "contested")
    return queries.shown(record, unit.today)


def _doubt(unit: Unit, record: ServiceRecord, action: RecordAction, once: StatementKind) -> None:
    """Have nothing of a record count; `once` is what may be said of a confirmed one so many times only.

    A check-out that was forgotten is mended while that is possible, and ruled afterwards.
    """
    most = settings_of(unit).disputes_per_record
    if record.status == RecordStatus.CONFIRMED and queries.times_said(unit.session, record.id, once) >= most:
        raise MoveRefused(state="ruled", action=action)
    if record.status == RecordStatus.CHECKED_IN and not long_over(unit, record):
        raise MoveRefused(state=record.status, action=action)
    move(record, action)
    count_confirmed(unit, record, -1)
    record.confirmed_by = record.confirmed_on = None
    _count(unit, record, 0, action)


def rule(unit: Unit, record_id: int, seen: int, form: RulingIn) -> RecordOut:
    """Settle a dispute, both sides having been heard; both read the reason."""
    record = _to_change(unit, record_id, seen)
    with unit.session.no_autoflush:
        move(record, RecordAction.RULE)
        rule_times(unit, record, form)
    rule_minutes(unit, record, form.minutes)
    _confirmed(unit, record, form.minutes, RecordAction.RULE)
    say(unit, record, StatementKind.RULING, form.reason, form.minutes)
    unit.set_timer(SETTLED, str(record.id), unit.now)
    audit(unit, record, "ruled")
    return queries.shown(record, unit.today)


def _expect_level(unit: Unit, record: ServiceRecord, minutes: int) -> None:
    before = queries.counted_on(unit, record)
    levels = settings_of(unit).levels
    if not rules.allowed(before + minutes, levels, unit.actor.roles):
        named = ", ".join(sorted(rules.may_confirm(before + minutes, levels)))
        raise HigherLevelConfirms(detail=f"So many hours on one day are confirmed by: {named}.")


def _count(unit: Unit, record: ServiceRecord, minutes: int, why: RecordAction) -> None:
    """Have so many minutes of a record count from now on."""
    before = queries.counted_of(unit.session, record.id)
    if minutes != before:
        with counted(unit, person_of(unit.session, record.volunteer_id)):
            unit.session.add(
                HourEntry(
                    volunteer_id=record.volunteer_id,
                    record_id=record.id,
                    minutes=minutes - before,
                    at=unit.now,
                    by=record.volunteer_no if why is RecordAction.DISPUTE else unit.actor.subject,
                    why=why,
                )
            )
        count_minutes(unit, record, before, minutes)
        if record.signup_id is None:
            unit.set_timer(HELP_COUNTS, str(record.id), unit.now)


def _confirmed(unit: Unit, record: ServiceRecord, minutes: int, why: RecordAction) -> None:
    _expect_level(unit, record, minutes)
    record.confirmed_by, record.confirmed_on = unit.actor.subject, unit.today
    count_confirmed(unit, record)
    _count(unit, record, minutes, why)


def move(record: ServiceRecord, action: RecordAction) -> None:
    """Walk the table, or refuse."""
    try:
        record.status = rules.walk(RecordStatus(record.status), action)
    except CannotMoveError as error:
        raise MoveRefused(state=error.status, action=action) from None


def mine(unit: Unit, wanted: Wanted) -> Page[RecordOut]:
    """List one's own records, newest first."""
    return _page(unit, wanted, select(ServiceRecord), "records")


def to_confirm(unit: Unit, wanted: Wanted, status: RecordStatus) -> Page[RecordOut]:
    """List the records of one's area that stand somewhere, newest first."""
    query = select(ServiceRecord).where(ServiceRecord.status == status)
    return _page(unit, wanted, query, f"records {status}")


def _page(unit: Unit, wanted: Wanted, query: Select[ServiceRecord], bound: str) -> Page[RecordOut]:
    show = partial(queries.shown, today=unit.today)
    return page(unit, query, queries.NEWEST_FIRST, wanted, bound=bound, show=show)


def my_hours(unit: Unit) -> HoursOut:
    """Add up what one has given oneself."""
    return _hours(unit, latest_of(unit.session, unit.actor.subject))


def hours_of(unit: Unit, volunteer_no: str) -> HoursOut:
    """Add up what a volunteer of one's area has given."""
    return _hours(unit, volunteer_of(unit.session, volunteer_no))


def _hours(unit: Unit, person: Volunteer) -> HoursOut:
    minutes = queries.total(unit.session, person.id)
    level, wanting = rules.stars(minutes, settings_of(unit).star_hours)
    return HoursOut(
        volunteer_no=person.volunteer_no,
        confirmed_minutes=minutes,
        pending_minutes=queries.waiting(unit.session, person.id),
        stars=granted(unit.session, person.id),
        stars_reached=level,
        next_star_minutes=wanting,
    )


def calendar_of(unit: Unit) -> WorkCalendar:
    """Return the district's calendar, or the published years until it has arrived."""
    calendar = work_calendar(unit.session)
    return calendar if calendar.published else shipped_calendar()


def record_by(unit: Unit, ended_on: date) -> date:
    """Return the last day for recording what ended on a day (民政部令第67号 art. 11)."""
    return last_day_of(unit, ended_on, settings_of(unit).recording_days)


def last_day_of(unit: Unit, start: date, days: int) -> date:
    """Return the last of so many working days after a day, years that are not published being estimated.

    It is that day itself where the limit would end after the year 9999, to which no calendar reaches.
    """
    try:
        return calendar_of(unit).due(start, days).day
    except BeyondCalendar:
        return start


def _to_change(unit: Unit, record_id: int, seen: int) -> ServiceRecord:
    record = queries.record_to_change(unit.session, record_id)
    expect_version(queries.shown(record, unit.today), seen)
    record.version += 1
    return record


def audit(unit: Unit, record: ServiceRecord, action: str, reason: str | None = None) -> None:
    """Write down what became of a record."""
    detail = {"status": record.status, "minutes": record.minutes, "shift": record.shift_id}
    unit.audit(
        f"{ENTITY}.{action}", ENTITY, str(record.id), area=record.community, reason=reason, detail=detail
    )
