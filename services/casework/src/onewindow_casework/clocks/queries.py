"""Keeping those who count limits and those who change the calendar apart."""

from sqlalchemy import text

from onewindow_shared.plumbing.unit import Unit

_CALENDAR_LOCK = 0xCA1E
_HELD = "calendar_held"


def hold_calendar(unit: Unit) -> None:
    """Let nobody change the calendar until this transaction's new limits are in, so that none is missed.

    SQLite's writers are alone anyway.
    """
    if unit.session.get_bind().dialect.name == "postgresql" and _HELD not in unit.session.info:
        unit.session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _CALENDAR_LOCK})
        unit.session.info[_HELD] = True


def own_calendar(unit: Unit) -> None:
    """Change the calendar alone: wait for those who count limits, and make others wait."""
    if unit.session.get_bind().dialect.name == "postgresql":
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CALENDAR_LOCK})
