"""Counting last days that no change of the calendar misses."""

from datetime import date, datetime

from sqlalchemy import text

from onewindow_casework.clocks import rules
from onewindow_casework.settings import settings_of
from onewindow_shared.plumbing.reference import forget_calendar, work_calendar
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due

_CALENDAR_LOCK = 0xCA1E
_HELD = "calendar_held"


def last_day(unit: Unit, start: date, days: int) -> Due:
    """Return the last day of a limit of working days that is set, or counted again, in this transaction."""
    hold_calendar(unit)
    return work_calendar(unit.session).due(start, days)


def ends_at(unit: Unit, day: date) -> datetime:
    """Return the instant at which a last day ends: the district's close of business."""
    return rules.ends_at(day, unit.zone, settings_of(unit).close_of_business_hour)


def is_over(unit: Unit, day: date, at: datetime | None = None) -> bool:
    """Say whether a last day was over at an instant, now unless given: it is at the close of business."""
    return (unit.now if at is None else at) >= ends_at(unit, day)


def hold_calendar(unit: Unit) -> None:
    """Let nobody change the calendar until this transaction's new limits are in, so that none is missed.

    SQLite's writers are alone anyway.
    """
    if unit.dialect == "postgresql" and _HELD not in unit.session.info:
        unit.session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _CALENDAR_LOCK})
        unit.session.info[_HELD] = True
        forget_calendar(unit.session)


def own_calendar(unit: Unit) -> None:
    """Change the calendar alone: wait for those who count limits, and make others wait."""
    if unit.dialect == "postgresql":
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CALENDAR_LOCK})
