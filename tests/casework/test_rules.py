"""The rules on plain values: every state with every step, limits that never fail, notices that cannot be."""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.office import HOLIDAYS_2027
from onewindow_casework.clocks import rules as clocks
from onewindow_casework.districts import rules as districts
from onewindow_casework.handling import rules as handling
from onewindow_casework.handling.rules import Bar
from onewindow_casework.reviews import rules as reviews
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.casework import CalendarIn, OffDay, Outcome
from onewindow_shared.contracts.lifecycle import ENDS, MOVES, CaseAction, CaseStatus, Owner, actions
from onewindow_shared.plumbing.published_years import shipped_calendar
from onewindow_shared.plumbing.workdays import SHANGHAI

CALENDAR = shipped_calendar()
starts = st.dates(date(2020, 1, 1), date(9999, 12, 31))
amounts = st.integers(-5, 10_000_000) | st.integers(0, 60)


@pytest.mark.parametrize(("status", "role"), list(product(CaseStatus, Role)))
def test_only_steps_of_the_table_are_offered_and_each_has_a_route(status: CaseStatus, role: Role) -> None:
    moves = actions(status, {role})
    mine = {move.action for move in MOVES if move.source is status and move.owner is Owner.CASEWORK}
    offered = handling.offered(moves, None, ())
    routes = set(handling.ROUTES.values())
    assert set(offered) <= routes
    assert {action for action in moves if action in handling.ROUTES} <= mine | {CaseAction.WITHDRAW}
    charge = handling.charges(status, {role}, handled=False)
    assert not charge or status in handling.ASSIGNABLE
    if status in ENDS:
        assert not {*offered, *charge} - {"reopening"}


def test_every_step_that_has_a_route_has_a_name_for_applicants() -> None:
    assert handling.ROUTES.keys() == handling.STEPS.keys()


@pytest.mark.parametrize(("outcome", "closes"), [(Outcome.GRANT, "close"), (Outcome.REFUSE, "close_refused")])
def test_a_case_is_closed_the_way_it_was_decided(outcome: Outcome, closes: str) -> None:
    assert handling.closing(outcome) == closes
    moves = [CaseAction.CLOSE, CaseAction.CLOSE_REFUSED]
    assert handling.offered(moves, outcome, ()) == ["closure"]


@given(
    actor=st.sampled_from(["a", "b"]),
    department=st.sampled_from([None, "health", "housing"]),
    agents=st.frozensets(st.sampled_from(["a", "b"])),
    applicant=st.sampled_from([None, "a", "b"]),
)
def test_whoever_decides_is_of_the_department_and_neither_agent_nor_applicant(
    actor: str, department: str | None, agents: frozenset[str], applicant: str | None
) -> None:
    bar = handling.bar_to_decide(
        actor=actor,
        actor_department=department,
        department="health",
        agents=agents,
        applicant=applicant,
    )
    assert (bar is None) == (department == "health" and actor not in {*agents, applicant})


def test_work_is_begun_by_the_officer_in_charge_only() -> None:
    assert handling.bar_to_handle(actor="a", in_charge="a") is None
    assert handling.bar_to_handle(actor="a", in_charge="b") is Bar.NOT_THE_HANDLER
    assert handling.bar_to_handle(actor="a", in_charge=None) is Bar.NOT_THE_HANDLER


@given(starts, amounts)
def test_a_limit_always_has_an_end_that_is_explained(start: date, days: int) -> None:
    due = clocks.limit(CALENDAR, start, days)
    explained = clocks.explained(CALENDAR, start, days)
    if due == clocks.ENDLESS:
        assert explained == []
        return
    assert due.day >= start
    assert sum(line.counted for line in explained) == max(days, 1)
    assert explained[-1].day == due.day
    assert due.provisional == any(line.estimated for line in explained[1 if days > 0 else 0 :])
    assert all(after.day - before.day == timedelta(days=1) for before, after in pairwise(explained))


@given(starts, st.integers(0, 3000), st.integers(0, 3000))
def test_the_promised_day_is_never_after_the_statutory_one(start: date, promised: int, more: int) -> None:
    found = clocks.limits(CALENDAR, start, promised_days=promised, statutory_days=promised + more)
    assert found.promised.day <= found.statutory.day


@given(st.dates(date(2000, 1, 1)), st.integers(1, 24))
def test_every_last_day_has_an_hour_at_which_it_ends(day: date, hour: int) -> None:
    end = clocks.ends_at(day, SHANGHAI, hour)
    assert end.utcoffset() == timedelta(0)
    if day < date.max:
        assert end.astimezone(SHANGHAI).date() == (day if hour < 24 else day + timedelta(days=1))


def test_a_year_first_published_reaches_from_the_end_of_the_year_before() -> None:
    day = date(2027, 2, 6)
    assert clocks.reach(2027, {day}, newly_published=True) == (date(2026, 12, 25), date(2027, 12, 31))
    assert clocks.reach(2027, {day}, newly_published=False) == (day, day)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ([("2027-01-01", "holiday"), ("2028-01-01", "holiday")], "days.1.day"),
        ([("2026-12-24", "holiday")], "days.0.day"),
        ([("2027-01-01", "holiday"), ("2027-01-01", "holiday")], "days.1.day"),
        ([("2027-01-01", "holiday"), ("2027-01-04", "makeup")], "days.1.kind"),
        ([("2027-01-09", "makeup")], "days"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_by_the_day(days: list[tuple[str, str]], field: str) -> None:
    given_days = [OffDay.model_validate({"day": day, "kind": kind, "name": "元旦"}) for day, kind in days]
    assert list(districts.faults_of_notice(2027, given_days)) == [field]


def test_the_last_days_of_december_follow_the_later_notice() -> None:
    own = [["2026-12-31", "holiday", "old"], ["2026-10-01", "holiday", "国庆节"]]
    after = [["2026-12-31", "holiday", "元旦"], ["2027-01-01", "holiday", "元旦"]]
    found = districts.year_of(2026, {2026: own, 2027: after})
    assert found == {date(2026, 10, 1): ("holiday", "国庆节"), date(2026, 12, 31): ("holiday", "元旦")}


def test_our_own_form_of_a_notice_and_that_of_holiday_cn_are_read_alike() -> None:
    papers = {
        "year": 2027,
        "papers": ["https://www.gov.cn/2027"],
        "days": [
            {"name": day["name"], "date": day["day"], "isOffDay": day["kind"] == "holiday"}
            for day in HOLIDAYS_2027
        ],
    }
    year, theirs = districts.read_notice(papers)
    own = {"year": 2027, "notice": "国办发明电", "days": HOLIDAYS_2027}
    assert (year, theirs.days) == (2027, districts.read_notice(own)[1].days)
    assert theirs.source == "https://www.gov.cn/2027"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"year": 2027, "papers": [], "days": []}, "not known"),
        ({"days": []}, "no year"),
        ("text", "no year"),
        ({"year": 2027, "papers": [], "days": [{"date": "2027-01-01"}]}, "isOffDay"),
    ],
)
def test_a_file_that_is_no_notice_is_refused(document: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        districts.read_notice(document)


def test_a_notice_has_to_have_days() -> None:
    with pytest.raises(ValueError, match="days"):
        CalendarIn.model_validate({"notice": "x", "days": []})


def test_three_stars_and_more_are_content_where_that_is_the_rule() -> None:
    assert [reviews.satisfied(level, 4) for level in range(1, 6)] == [False, False, False, True, True]
    assert [reviews.satisfied(level, 3) for level in range(1, 6)] == [False, False, True, True, True]


@given(st.dates(date(2020, 1, 1)), st.integers(1, 20))
def test_a_window_is_open_until_the_last_of_its_working_days(closed: date, days: int) -> None:
    due = clocks.limit(CALENDAR, closed, days).day
    assert clocks.in_time(CALENDAR, closed, due, days)
    if due < date.max:
        assert not clocks.in_time(CALENDAR, closed, due + timedelta(days=1), days)
