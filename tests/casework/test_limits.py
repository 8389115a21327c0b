"""Limits against a slow oracle: any history of pauses, extensions and changes of the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from hypothesis import given
from hypothesis import strategies as st

from onewindow_casework.clocks import rules
from onewindow_shared.plumbing.published_years import published
from onewindow_shared.plumbing.workdays import CalendarDay, DayKind, Pause, WorkCalendar

KNOWN = published([2025, 2026])
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
changes = st.dictionaries(days_of_2026, st.sampled_from([DayKind.HOLIDAY, DayKind.MAKEUP]), max_size=12)


@dataclass(frozen=True)
class Procedure:
    """A special procedure: begun so many days after acceptance, told to take some, ended or not."""

    after: int
    told: int
    took: int | None

    def pause(self, accepted_on: date) -> Pause:
        start = accepted_on + timedelta(days=self.after)
        ended = None if self.took is None else start + timedelta(days=self.took)
        return rules.pause(start, start + timedelta(days=self.told), ended)

    def stops(self, day: date, accepted_on: date) -> bool:
        since = (day - accepted_on).days - self.after
        return 0 <= since <= self.told and (self.took is None or since <= self.took)


procedures = st.lists(
    st.builds(Procedure, st.integers(0, 60), st.integers(1, 40), st.none() | st.integers(-1, 60)), max_size=4
)


class Stopping(Protocol):
    """What keeps a day from being counted."""

    def stops(self, day: date, accepted_on: date, /) -> bool: ...


def oracle(
    accepted_on: date, days: int, history: Sequence[Stopping], off: dict[date, DayKind], known: Sequence[int]
) -> tuple[date, bool]:
    """Go from day to day with nothing but the week and the notices; return the last one, and any doubt."""
    day, doubt = accepted_on, False
    while days:
        day += timedelta(days=1)
        if any(procedure.stops(day, accepted_on) for procedure in history):
            continue
        kind = off.get(day)
        fixed = day.year not in known and (day.month, day.day) in {
            *((1, 1), (5, 1), (5, 2)),
            *((10, 1), (10, 2), (10, 3)),
        }
        late = day >= date(day.year, 12, 25) and day.year + 1 not in known
        doubt |= kind is None and (day.year not in known or late)
        if kind is DayKind.MAKEUP or (kind is None and not fixed and day.weekday() < 5):
            days -= 1
    return day, doubt


@given(
    accepted_on=days_of_2026,
    days=st.integers(1, 45),
    extended=st.sampled_from([0, 10, 15]),
    history=procedures,
    corrections=st.lists(changes, min_size=1, max_size=3),
)
def test_whatever_happened_the_last_day_is_that_of_counting_day_by_day_and_its_explanation_sums_to_it(
    accepted_on: date,
    days: int,
    extended: int,
    history: list[Procedure],
    corrections: list[dict[date, DayKind]],
) -> None:
    off = {day.day: day.kind for day in KNOWN}
    pauses = [procedure.pause(accepted_on) for procedure in history]
    for revision, changed in enumerate(corrections):
        off |= changed
        exceptions = [CalendarDay(day, kind) for day, kind in off.items()]
        calendar = WorkCalendar(exceptions, {2025, 2026}, f"2026r{revision}")
        due = rules.limit(calendar, accepted_on, days + extended, pauses)
        assert (due.day, due.provisional) == oracle(accepted_on, days + extended, history, off, [2025, 2026])
        lines = rules.explained(calendar, accepted_on, days + extended, pauses)
        assert [line.day for line in lines] == [
            accepted_on + timedelta(days=n) for n in range((due.day - accepted_on).days + 1)
        ]
        assert [line.number for line in lines if line.counted] == list(range(1, days + extended + 1))


def test_spring_festival_with_its_make_up_saturdays_a_hearing_and_an_extension() -> None:
    calendar = WorkCalendar(KNOWN, {2025, 2026}, "2026r1")
    accepted_on, hearing = date(2026, 2, 11), rules.pause(date(2026, 2, 25), date(2026, 3, 4), None)
    assert rules.limit(calendar, accepted_on, 5).day == date(2026, 2, 25)
    assert rules.limit(calendar, accepted_on, 5, [hearing]).day == date(2026, 3, 5)
    early = rules.pause(hearing.start, date(2026, 3, 4), date(2026, 2, 27))
    assert rules.limit(calendar, accepted_on, 5, [early]).day == date(2026, 2, 28)
    assert rules.limit(calendar, accepted_on, 5 + 10, [early]).day == date(2026, 3, 13)
