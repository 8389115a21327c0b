"""Warning lamps: which is lit for a last day, told by the calendar of today and never stored."""

from dataclasses import dataclass
from datetime import date

from onewindow_casework.clocks.rules import limit
from onewindow_shared.contracts.supervision import Lamp
from onewindow_shared.plumbing.workdays import ONE_DAY, WorkCalendar


@dataclass(frozen=True)
class LampDays:
    """Up to which last day each lamp is lit now: so a list or a count of one is a range of days."""

    red: date
    """The latest day whose business is closed."""
    orange: date
    yellow: date


def lamp_days(
    calendar: WorkCalendar, today: date, *, closed: bool, orange_days: int, yellow_days: int
) -> LampDays:
    """Return the ranges of the lamps; `closed` says that today's business is over.

    A lamp is lit from so many working days before the last day on; none at all means on that day itself.
    """
    orange = _days_ahead(calendar, today, orange_days)
    return LampDays(
        red=today if closed else today - ONE_DAY,
        orange=orange,
        yellow=max(orange, _days_ahead(calendar, today, yellow_days)),
    )


def _days_ahead(calendar: WorkCalendar, today: date, days: int) -> date:
    return limit(calendar, today, days).day if days else today


def lamp(due_on: date, days: LampDays) -> Lamp | None:
    """Return the lamp of a last day, or None while there is time enough."""
    if due_on <= days.red:
        return Lamp.RED
    if due_on <= days.orange:
        return Lamp.ORANGE
    return Lamp.YELLOW if due_on <= days.yellow else None


def lit_between(which: Lamp, days: LampDays) -> tuple[date, date]:
    """Return the last days for which a lamp is lit: after the first one, up to the second."""
    if which is Lamp.RED:
        return date.min, days.red
    if which is Lamp.ORANGE:
        return days.red, max(days.red, days.orange)
    before = max(days.red, days.orange)
    return before, max(before, days.yellow)
