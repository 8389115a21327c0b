"""On which days somebody counts as an active volunteer, and of which community."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_volunteers.people.rules import Change

Changes = Counter[tuple[Metric, str, date]]
"""By how much the number of such volunteers of a community changes on a day."""


@dataclass(frozen=True)
class Stay:
    """Days on which somebody was registered in a community; without `until` they still are."""

    community: str
    since: date
    until: date | None = None
    """The first day after it."""


@dataclass(frozen=True)
class Span:
    """Days from one to before another."""

    since: date
    until: date


def stays(steps: Iterable[tuple[date, Change]]) -> Iterator[Stay]:
    """Yield where somebody was registered from when to when; `steps` are in order."""
    now: Stay | None = None
    for day, change in steps:
        registered = change.target is VolunteerStatus.REGISTERED
        if now is not None and not (registered and change.community == now.community):
            yield Stay(now.community, now.since, day)
            now = None
        if now is None and registered:
            now = Stay(change.community, day)
    if now is not None:
        yield now


def active(days: Iterable[date]) -> Iterator[Span]:
    """Yield when somebody counts as active: for a year from each day on which they served."""
    span: Span | None = None
    for day in sorted(days):
        if span is not None and day <= span.until:
            span = Span(span.since, _a_year_after(day))
            continue
        if span is not None:
            yield span
        span = Span(day, _a_year_after(day))
    if span is not None:
        yield span


def enough(given: Mapping[date, int], minutes: int) -> Iterator[Span]:
    """Yield when somebody had served for so many minutes: from the day that reached it to the year's end."""
    year, so_far = 0, 0
    for day, more in sorted(given.items()):
        if day.year != year:
            year, so_far = day.year, 0
        if so_far < minutes <= so_far + more and year < date.max.year:
            yield Span(day, date(year + 1, 1, 1))
        so_far += more


def changes(steps: Iterable[tuple[date, Change]], given: Mapping[date, int], minutes: int) -> Changes:
    """Return what somebody with these steps, who served so many minutes on these days, counts for."""
    served = {day: n for day, n in given.items() if n > 0}
    found: Changes = Counter()
    if not served:
        return found
    where = list(stays(steps))
    for metric, spans in (
        (Metric.VOLUNTEERS_ACTIVE, active(served)),
        (Metric.VOLUNTEERS_SERVING, enough(served, minutes)),
    ):
        for span in spans:
            for stay in where:
                _count(found, metric, stay, span)
    return found


def _count(found: Changes, metric: Metric, stay: Stay, span: Span) -> None:
    since = max(stay.since, span.since)
    until = span.until if stay.until is None else min(stay.until, span.until)
    if since < until:
        found[metric, stay.community, since] += 1
        found[metric, stay.community, until] -= 1


def _a_year_after(day: date) -> date:
    """Return the same day of the next year, 1 March for a 29 February; at the end of time its last day."""
    if day.year == date.max.year:
        return date.max
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if leap else day.replace(year=day.year + 1)
