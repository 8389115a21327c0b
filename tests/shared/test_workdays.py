"""Counting of working days: real days of 2026, years not yet published, pauses, and what always holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.plumbing.published_years import available_years, published, shipped_calendar
from onewindow_shared.plumbing.workdays import (
    SHANGHAI,
    BeyondCalendar,
    CalendarDay,
    ClockStopped,
    CountedDay,
    DayKind,
    Due,
    Pause,
    Why,
    WorkCalendar,
    close_of_business,
    local_day,
    months_later,
)

YEARS = range(2004, 2027)
PUBLISHED = published(YEARS)
CALENDAR = WorkCalendar(PUBLISHED, YEARS, "test")

starts = st.dates(date(2000, 1, 1), date(2030, 12, 31))
limits = st.integers(1, 60)
pauses = st.lists(
    st.builds(lambda first, length: Pause(first, first + timedelta(days=length)), starts, st.integers(0, 90)),
    max_size=3,
)


def counted(lines: list[CountedDay]) -> list[CountedDay]:
    return [line for line in lines if line.counted]


@pytest.mark.parametrize("day", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
def test_make_up_days_of_2026_are_worked(day: str) -> None:
    here = CALENDAR.look_up(date.fromisoformat(f"2026-{day}"))
    assert (here.kind, here.working, here.estimated) == (DayKind.MAKEUP, True, False)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("01-01", "01-03", "元旦"),
        ("02-15", "02-23", "春节"),
        ("04-04", "04-06", "清明"),
        ("05-01", "05-05", "劳动节"),
        ("06-19", "06-21", "端午"),
        ("09-25", "09-27", "中秋"),
        ("10-01", "10-07", "国庆节"),
    ],
)
def test_holidays_of_2026_are_off_and_named(first: str, last: str, name: str) -> None:
    day, end = date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")
    while day <= end:
        assert (CALENDAR.kind(day), CALENDAR.look_up(day).name) == (DayKind.HOLIDAY, name)
        day += timedelta(days=1)


def test_other_days_of_a_published_year_follow_the_week() -> None:
    assert CALENDAR.kind(date(2026, 11, 20)) is DayKind.WORKDAY
    assert CALENDAR.kind(date(2026, 11, 21)) is DayKind.WEEKEND
    assert CALENDAR.kind(date(2026, 2, 24)) is DayKind.WORKDAY


def test_the_first_day_is_not_counted_and_make_up_days_are() -> None:
    assert CALENDAR.due(date(2026, 2, 13), 1) == Due(date(2026, 2, 14), provisional=False)
    assert CALENDAR.due(date(2026, 2, 13), 2) == Due(date(2026, 2, 24), provisional=False)
    assert CALENDAR.due(date(2026, 11, 20), 5) == Due(date(2026, 11, 27), provisional=False)


def test_a_limit_that_reaches_an_unpublished_year_is_provisional_and_explained() -> None:
    start = date(2026, 12, 25)
    assert CALENDAR.due(start, 20) == Due(date(2027, 1, 25), provisional=True)
    lines = CALENDAR.explain(start, 20)
    assert lines[0] == CountedDay(start, counted=False, why=Why.START)
    assert [line.number for line in counted(lines)] == list(range(1, 21))
    new_year = next(line for line in lines if line.day == date(2027, 1, 1))
    assert (new_year.why, new_year.name, new_year.estimated) == (Why.HOLIDAY, "元旦", True)


def test_importing_the_year_makes_the_date_final() -> None:
    days = [
        *published([2026]),
        CalendarDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
        CalendarDay(date(2027, 1, 3), DayKind.MAKEUP, "元旦"),
    ]
    assert WorkCalendar(days, {2026, 2027}, "imported").due(date(2026, 12, 25), 20) == Due(
        date(2027, 1, 22), provisional=False
    )


def test_the_last_week_of_the_last_published_year_may_still_change() -> None:
    assert not CALENDAR.is_estimated(date(2026, 12, 24))
    assert CALENDAR.is_estimated(date(2026, 12, 28))
    assert not CALENDAR.is_estimated(date(2025, 12, 28))
    known = CalendarDay(date(2026, 12, 31), DayKind.HOLIDAY, "元旦")
    assert not WorkCalendar([known], {2026}, "x").is_estimated(known.day)


@pytest.mark.parametrize("day", [date.min, date(1999, 10, 1), date(2027, 2, 6), date(9999, 12, 31)])
def test_no_day_of_any_year_fails(day: date) -> None:
    here = CALENDAR.look_up(day)
    assert here.estimated
    assert here.working == CALENDAR.is_workday(day)


@pytest.mark.parametrize(
    ("start", "days"),
    [(date(9999, 12, 20), 20), (date.max, 1), (date(2026, 1, 1), 10**9), (date(9990, 1, 1), 2600)],
)
def test_a_limit_beyond_the_year_9999_is_refused(start: date, days: int) -> None:
    for ask in (CALENDAR.due, CALENDAR.explain):
        with pytest.raises(BeyondCalendar):
            ask(start, days)


def test_a_limit_may_end_on_the_last_working_day_of_all() -> None:
    assert CALENDAR.due(date(9999, 12, 30), 1).day == date.max


def test_ten_thousand_days_are_counted() -> None:
    assert len(counted(CALENDAR.explain(date(2026, 1, 1), 10_000))) == 10_000


def test_an_instant_case_is_due_the_same_day_or_the_next_working_day() -> None:
    assert CALENDAR.due(date(2026, 11, 20), 0).day == date(2026, 11, 20)
    assert CALENDAR.due(date(2026, 11, 21), 0).day == date(2026, 11, 23)
    assert [line.day.day for line in CALENDAR.explain(date(2026, 11, 21), 0)] == [21, 22, 23]


def test_negative_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.due(date(2026, 11, 20), -1)


def test_paused_days_are_not_counted_both_ends_included() -> None:
    pause = Pause(date(2026, 11, 24), date(2026, 11, 25))
    assert CALENDAR.due(date(2026, 11, 20), 5, [pause]).day == date(2026, 12, 1)
    reasons = {line.day.day: line.why for line in CALENDAR.explain(date(2026, 11, 20), 5, [pause])}
    assert (reasons[23], reasons[24], reasons[25], reasons[26]) == (
        Why.WORKDAY,
        Why.PAUSED,
        Why.PAUSED,
        Why.WORKDAY,
    )


def test_a_limit_paused_on_its_last_day_has_a_day_left_when_it_resumes() -> None:
    pause = Pause(date(2026, 11, 27), date(2026, 12, 4))
    assert CALENDAR.due(date(2026, 11, 20), 5, [pause]).day == date(2026, 12, 7)


def test_a_pause_that_lasts_leaves_no_last_day_unless_it_comes_later() -> None:
    start, open_pause = date(2026, 11, 20), Pause(date(2026, 11, 25))
    assert CALENDAR.due(start, 2, [open_pause]).day == date(2026, 11, 24)
    with pytest.raises(ClockStopped):
        CALENDAR.due(start, 3, [open_pause])
    lines = CALENDAR.explain(start, 3, [open_pause])
    assert (len(counted(lines)), lines[-1].day, lines[-1].why) == (2, date(2026, 11, 25), Why.PAUSED)


def test_estimated_days_within_a_pause_make_nothing_provisional() -> None:
    known = WorkCalendar(published([2026]), {2026, 2028}, "a year is missing")
    pause = Pause(date(2026, 12, 25), date(2027, 12, 31))
    assert not known.due(date(2026, 12, 24), 1, [pause]).provisional


@given(starts, limits, pauses)
def test_a_due_day_is_a_working_day_outside_every_pause(start: date, days: int, stops: list[Pause]) -> None:
    due = CALENDAR.due(start, days, stops).day
    assert CALENDAR.is_workday(due)
    assert not any(due in pause for pause in stops)
    assert due > start


@given(starts, limits, pauses)
def test_one_day_more_is_due_later(start: date, days: int, stops: list[Pause]) -> None:
    assert CALENDAR.due(start, days + 1, stops).day > CALENDAR.due(start, days, stops).day


@given(starts, limits, pauses)
def test_a_later_start_is_never_due_earlier(start: date, days: int, stops: list[Pause]) -> None:
    later = start + timedelta(days=1)
    assert CALENDAR.due(later, days, stops).day >= CALENDAR.due(start, days, stops).day


@given(starts, limits, pauses, pauses)
def test_a_pause_only_ever_moves_the_day_later(
    start: date, days: int, some: list[Pause], more: list[Pause]
) -> None:
    assert CALENDAR.due(start, days, some + more).day >= CALENDAR.due(start, days, some).day


@given(starts, limits, pauses)
def test_the_explanation_agrees_with_the_due_day(start: date, days: int, stops: list[Pause]) -> None:
    due, lines = CALENDAR.due(start, days, stops), CALENDAR.explain(start, days, stops)
    assert lines[-1].day == due.day
    assert [line.number for line in counted(lines)] == list(range(1, days + 1))
    assert [line.day for line in lines] == [start + timedelta(days=n) for n in range(len(lines))]
    assert due.provisional == any(line.estimated and line.why is not Why.PAUSED for line in lines)


@given(starts, limits, st.sets(starts, max_size=5))
def test_more_make_up_days_are_never_due_later_and_more_holidays_never_earlier(
    start: date, days: int, chosen: set[date]
) -> None:
    worked, off = (
        WorkCalendar([*PUBLISHED, *(CalendarDay(day, kind) for day in chosen)], YEARS, "changed")
        for kind in (DayKind.MAKEUP, DayKind.HOLIDAY)
    )
    due = CALENDAR.due(start, days).day
    assert worked.due(start, days).day <= due <= off.due(start, days).day


@given(starts, limits)
def test_the_days_between_start_and_due_are_the_limit(start: date, days: int) -> None:
    due = CALENDAR.due(start, days).day
    assert CALENDAR.working_days_between(start, due) == days
    assert CALENDAR.working_days_between(due, start) == -days


@given(st.dates(date(2003, 10, 1), date(2004, 2, 1)) | st.dates(date(2026, 9, 1), date(2027, 3, 1)), limits)
def test_a_limit_is_provisional_exactly_when_it_meets_an_estimated_day(start: date, days: int) -> None:
    due = CALENDAR.due(start, days)
    span = range(1, (due.day - start).days + 1)
    assert due.provisional == any(CALENDAR.is_estimated(start + timedelta(days=n)) for n in span)


def test_legal_days_are_those_of_the_district() -> None:
    assert local_day(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert local_day(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)


def test_an_instant_must_name_its_offset_and_lie_in_the_calendar() -> None:
    with pytest.raises(ValueError, match="without offset"):
        local_day(datetime(2026, 11, 20, 15, 59))  # noqa: DTZ001
    with pytest.raises(BeyondCalendar):
        local_day(datetime(9999, 12, 31, 20, 0, tzinfo=UTC))


@given(st.dates(max_value=date(9980, 1, 1)), st.integers(1, 120))
def test_months_later_is_the_same_day_or_the_last_of_a_short_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_a_last_day_ends_at_close_of_business() -> None:
    end = close_of_business(date(2026, 11, 20), SHANGHAI, 17, 30)
    assert end.astimezone(UTC) == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert close_of_business(date(2026, 11, 20), SHANGHAI, 24).isoformat() == "2026-11-21T00:00:00+08:00"
    with pytest.raises(BeyondCalendar):
        close_of_business(date.max, SHANGHAI, 24)


def test_years_carried_are_found_out_and_others_refused() -> None:
    years = available_years()
    assert years == list(range(years[0], years[-1] + 1))
    assert {2004, 2026} <= set(years)
    with pytest.raises(ValueError, match=str(years[-1] + 1)):
        published([years[-1] + 1])


def test_the_shipped_calendar_says_what_it_is() -> None:
    calendar = shipped_calendar()
    assert calendar.version.startswith("chinesecalendar-")
    assert calendar.published == frozenset(available_years())
    assert len(published([2026])) == 39
