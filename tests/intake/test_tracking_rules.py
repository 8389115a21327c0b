"""What tracking says of every state, and how each day of a limit is accounted for."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_intake.cases.labels import STEPS
from onewindow_intake.tracking import rules, words
from onewindow_intake.tracking.rules import Limit
from onewindow_shared.contracts.cases import Party
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.plumbing.published_years import shipped_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = shipped_calendar()
NOON = datetime(2026, 9, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize(("status", "owes"), [*product(CaseStatus, (True, False))])
def test_every_state_waits_for_somebody_or_is_an_end(status: CaseStatus, owes: bool) -> None:
    awaits = rules.wait(status, owes=owes)
    assert (awaits is None) == (status in ENDS)
    assert words.NEXT[status].endswith("。")
    if awaits is not None:
        told = rules.awaited(awaits, "西安社区", [], [], None)
        assert told.what
        assert told.why.endswith("。")
        assert "{" not in told.of
        applicant_acts = status in {CaseStatus.CORRECTION, CaseStatus.TOLERANT_ACCEPTED} and owes
        assert (awaits.party is Party.APPLICANT) == (applicant_acts or status is CaseStatus.DRAFT)


def test_every_step_is_told_in_a_sentence_of_its_own() -> None:
    assert set(words.TOLD) == set(STEPS)
    assert len(set(words.TOLD.values())) == len(words.TOLD)
    assert words.told("blessed") == words.ANY_STEP


def test_a_holiday_and_the_days_worked_for_it_are_named() -> None:
    limit = rules.of_promise(CALENDAR, date(2026, 9, 18), date(2026, 9, 29), 7, ZONE, 17)
    assert limit is not None
    told = rules.explained(CALENDAR, limit, NOON, ZONE)
    assert (told.over, told.provisional, told.working_days) == (False, False, 7)
    by_day = {line.day: line.told for line in told.days}
    assert by_day[date(2026, 9, 20)] == "国庆节调休上班，第1个工作日"
    assert by_day[date(2026, 9, 25)] == "中秋放假，不计"
    assert by_day[date(2026, 9, 29)] == "第7个工作日"


def test_a_limit_into_a_year_without_holidays_is_provisional() -> None:
    limit = rules.of_notice(date(2027, 12, 28), 5, datetime(2028, 1, 4, 9, tzinfo=UTC))
    told = rules.explained(CALENDAR, limit, NOON, ZONE)
    assert told.provisional
    assert "以公布后为准" in told.told
    assert told.days[-1].told.endswith("（放假安排尚未公布，暂按此计）")


def test_an_endless_promise_has_no_day_and_a_long_one_no_list() -> None:
    assert rules.of_promise(CALENDAR, date(2026, 1, 5), date.max, 9000, ZONE, 17) is None
    long = rules.of_promise(CALENDAR, date(2026, 1, 5), date(2035, 1, 5), 2250, ZONE, 17)
    assert long is not None
    assert long.working_days == 2250
    assert rules.explained(CALENDAR, long, NOON, ZONE).days == []


@given(
    start=st.dates(date(2004, 1, 1), date(2026, 6, 1)),
    days=st.integers(0, 60),
    extended=st.integers(0, 20),
)
def test_the_days_told_end_on_the_day_that_holds(start: date, days: int, extended: int) -> None:
    due = CALENDAR.due(start, days + extended).day
    limit = rules.of_promise(CALENDAR, start, due, days, ZONE, 17)
    assert limit is not None
    told = rules.explained(CALENDAR, limit, datetime(2040, 1, 1, tzinfo=UTC), ZONE)
    assert told.over
    assert told.days[-1].day == due == told.ends_at.astimezone(ZONE).date()
    assert sum(line.counted for line in told.days) == max(told.working_days, 1)
    assert [line.day for line in told.days] == [
        told.days[0].day + timedelta(days=place) for place in range(len(told.days))
    ]
    assert ("已调整" in told.told) == (told.working_days != days and told.working_days > 0)


def test_a_date_that_was_set_moves_on_to_a_working_day() -> None:
    limit = Limit(date(2026, 11, 28), 0, datetime(2026, 11, 30, 9, tzinfo=UTC), "补正期限")
    told = rules.explained(CALENDAR, limit, NOON, ZONE)
    assert [line.told for line in told.days] == ["周末，不计", "周末，不计", "工作日，到此为止"]
