"""The two limits of a case: how they are counted, when they are over, which cases a changed day reaches.

Both run in working days from the day of acceptance (行政许可法 arts. 42, 82; 民法典 arts. 201, 203). The
promised one is what people are told and what is judged: a case is on time if it is closed, that is decided
and delivered, by the close of business of its promised day.

The time of a special procedure is not counted, as far as it was told in writing (行政许可法 art. 45): a pause
ends with its result or with the time told, whichever comes first. So a case has a last day at all times, and
a procedure that takes longer than was told is at the authority's expense. An extension (art. 42) adds its
days to both limits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from onewindow_shared.plumbing.workdays import (
    ONE_DAY,
    YEAR_END,
    BeyondCalendar,
    CountedDay,
    Due,
    Pause,
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


def limits(
    calendar: WorkCalendar,
    start: date,
    *,
    promised_days: int,
    statutory_days: int,
    pauses: Sequence[Pause] = (),
) -> Limits:
    """Count both limits from `start`; never fails."""
    return Limits(
        limit(calendar, start, promised_days, pauses), limit(calendar, start, statutory_days, pauses)
    )


def limit(calendar: WorkCalendar, start: date, days: int, pauses: Sequence[Pause] = ()) -> Due:
    """Return the last day of a limit; `ENDLESS` where the calendar or all reason ends before it."""
    if days > LONGEST:
        return ENDLESS
    try:
        return calendar.due(start, max(days, 0), pauses)
    except BeyondCalendar:
        return ENDLESS


def explained(
    calendar: WorkCalendar, start: date, days: int, pauses: Sequence[Pause] = ()
) -> list[CountedDay]:
    """Return every day of a limit with why it was counted or not; nothing of an endless one."""
    if limit(calendar, start, days, pauses) == ENDLESS:
        return []
    return calendar.explain(start, max(days, 0), pauses)


def pause(start: date, told_until: date, ended_on: date | None) -> Pause:
    """Return the days that a special procedure takes out of the limits: none beyond the time told."""
    return Pause(start, told_until if ended_on is None else min(ended_on, told_until))


def pause_begins(now: datetime, today: date, zone: tzinfo, hour: int) -> date:
    """Return the first day of a pause that begins now: a day whose business is closed was counted."""
    return today if now < ends_at(today, zone, hour) else today + ONE_DAY


def days_paused(calendar: WorkCalendar, pauses: Iterable[Pause]) -> int:
    """Return the working days of the cap that pauses used up: each at least one, its first not counted."""
    return sum(
        max(calendar.working_days_between(pause.start, pause.until), 1)
        for pause in pauses
        if pause.until is not None
    )


def handling_days(calendar: WorkCalendar, start: date, decided_on: date, pauses: Iterable[Pause]) -> int:
    """Return the working days that a handling took: those after `start`, without special procedures (S12)."""
    stops = list(pauses)
    after = (start + n * ONE_DAY for n in range(1, (decided_on - start).days + 1))
    return sum(calendar.is_workday(day) and not any(day in stop for stop in stops) for day in after)


def ends_at(day: date, zone: tzinfo, hour: int) -> datetime:
    """Return the instant at which a last day is over: the hour business closes."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return close_of_business(day, zone, hour).astimezone(UTC)


def in_time(calendar: WorkCalendar, since: date, today: date, days: int) -> bool:
    """Say whether today lies within so many working days after a day that is not counted itself."""
    return today <= limit(calendar, since, days).day


def reach(year: int, changed: set[date], *, newly_published: bool) -> tuple[date, date]:
    """Return the first and last day on which a limit may have been touched by a year's import.

    A year that was only estimated changes as a whole, together with the year's end before it.
    """
    touched = set(changed)
    if newly_published:
        touched |= {date(year - 1, *YEAR_END), date(year, 12, 31)}
    return min(touched), max(touched)
