"""The two limits of a case: how they are counted, when they are over, which cases a changed day reaches.

Both run in working days from the day of acceptance (行政许可法 arts. 42, 82; 民法典 arts. 201, 203). The
promised one is what people are told and what is judged: a case is on time if it is closed, that is decided
and delivered, by the close of business of its promised day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from onewindow_shared.plumbing.workdays import (
    YEAR_END,
    BeyondCalendar,
    CountedDay,
    Due,
    WorkCalendar,
    close_of_business,
)

LONGEST = 2500
"""Working days (ten years) beyond which a limit is taken for endless instead of being counted."""
ENDLESS = Due(date.max, provisional=True)


@dataclass(frozen=True)
class Limits:
    """The last days of both limits."""

    promised: Due
    statutory: Due


def limits(calendar: WorkCalendar, start: date, *, promised_days: int, statutory_days: int) -> Limits:
    """Count both limits from `start`; never fails."""
    return Limits(limit(calendar, start, promised_days), limit(calendar, start, statutory_days))


def limit(calendar: WorkCalendar, start: date, days: int) -> Due:
    """Return the last day of a limit; `ENDLESS` where the calendar or all reason ends before it."""
    if days > LONGEST:
        return ENDLESS
    try:
        return calendar.due(start, max(days, 0))
    except BeyondCalendar:
        return ENDLESS


def explained(calendar: WorkCalendar, start: date, days: int) -> list[CountedDay]:
    """Return every day of a limit with why it was counted or not; nothing of an endless one."""
    if limit(calendar, start, days) == ENDLESS:
        return []
    return calendar.explain(start, max(days, 0))


def ends_at(day: date, zone: tzinfo, hour: int) -> datetime:
    """Return the instant at which a last day is over: the hour business closes."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return close_of_business(day, zone, hour).astimezone(UTC)


def reach(year: int, changed: set[date], *, newly_published: bool) -> tuple[date, date]:
    """Return the first and last day on which a limit may have been touched by a year's import.

    A year that was only estimated changes as a whole, together with the year's end before it.
    """
    touched = set(changed)
    if newly_published:
        touched |= {date(year - 1, *YEAR_END), date(year, 12, 31)}
    return min(touched), max(touched)
