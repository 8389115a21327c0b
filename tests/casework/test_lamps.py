"""Warning lamps: told by the calendar of the moment, in the case, in lists and in counts, and never stored."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.office import HOLIDAYS_2027, Office, furnished, open_office
from casework.test_limits import KNOWN, changes
from casework.test_steps import Hall
from conftest import FreshDatabase
from onewindow_casework.supervision.rules import LampDays, lamp, lamp_days, lit_between
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.plumbing.workdays import CalendarDay, DayKind, WorkCalendar

days_of_autumn = st.dates(date(2026, 8, 1), date(2026, 12, 10))


def slowly(
    calendar: WorkCalendar, due_on: date, today: date, *, closed: bool, orange: int, yellow: int
) -> str:
    """Count the working days that are left one by one."""
    if due_on < today or (due_on == today and closed):
        return "red"
    left, day = 0, today
    while day < due_on:
        day += timedelta(days=1)
        left += calendar.is_workday(day)
    if due_on == today or (orange and left <= orange):
        return "orange"
    return "yellow" if yellow and left <= yellow else ""


@given(changes, days_of_autumn, st.integers(-5, 30), st.booleans(), st.integers(0, 4), st.integers(0, 9))
def test_a_lamp_is_what_counting_the_days_one_by_one_says(
    off: dict[date, DayKind], today: date, ahead: int, closed: bool, orange: int, yellow: int
) -> None:
    known = [CalendarDay(here.day, DayKind(here.kind), here.name) for here in KNOWN if here.day not in off]
    moved = [CalendarDay(day, kind, "") for day, kind in off.items()]
    calendar = WorkCalendar([*known, *moved], published=frozenset({2025, 2026}), version="t")
    due_on = calendar.due(today + timedelta(days=ahead), 0).day
    days = lamp_days(calendar, today, closed=closed, orange_days=orange, yellow_days=yellow)
    found = lamp(due_on, days)
    assert (found or "") == slowly(
        calendar, due_on, today, closed=closed, orange=orange, yellow=max(orange, yellow)
    )
    lit = [which for which in Lamp if lit_between(which, days)[0] < due_on <= lit_between(which, days)[1]]
    assert lit == ([found] if found else []), "a list of a lamp has those that show it, and no others"


def test_a_case_without_end_shows_no_lamp() -> None:
    days = LampDays(red=date(2026, 1, 1), orange=date(2026, 1, 2), yellow=date(2026, 1, 5))
    assert lamp(date.max, days) is None


@pytest.mark.parametrize(
    ("at", "lit"),
    [
        ((2026, 11, 26, 2), None),
        ((2026, 11, 27, 2), "yellow"),
        ((2026, 11, 29, 2), "yellow"),
        ((2026, 12, 2, 8, 59), "orange"),
        ((2026, 12, 2, 9, 0), "red"),
    ],
)
def test_the_lamp_of_a_case_changes_with_the_time_alone(
    office: Office, at: tuple[int, int, int, int], lit: str | None
) -> None:
    case_no = office.accepted(promised_days=7)
    office.accepted(promised_days=60, statutory_days=60)
    seen = office.get(f"cases/{case_no}", office.agent).headers["ETag"]
    office.go_to(*at)
    assert office.case(case_no)["lamp"] == lit
    again = office.get(f"cases/{case_no}", office.agent, If_None_Match=seen)
    assert again.status_code == (200 if lit else 304), "no old lamp is taken for the present one"
    for which in Lamp:
        listed = [row["case_no"] for row in office.read(f"cases?lamp={which}", office.agent)["items"]]
        assert listed == ([case_no] if which == lit else [])
    queue = office.read("queue", office.agent)
    counted = {"yellow": queue["due_soon"], "orange": queue["due_today"], "red": queue["overdue"]}
    assert counted == {which: int(which == lit) for which in Lamp}
    tag = office.get(f"cases/{case_no}", office.agent).headers["ETag"]
    claim = office.api.client.post(
        f"/api/casework/v1/cases/{case_no}/claim", headers=office.agent | {"If-Match": tag}
    )
    assert claim.status_code == 200, "what a read gave is what a write asks for"


def test_the_lamp_goes_out_with_the_end_and_moves_with_the_calendar(office: Office) -> None:
    closed = office.closed(promised_days=1)
    assert office.case(closed)["lamp"] is None
    office.go_to(2026, 12, 31, 2)
    case_no = office.accepted(promised_days=2)
    assert office.case(case_no)["lamp"] == "yellow"
    office.go_to(2027, 1, 5, 2)
    assert office.case(case_no)["lamp"] == "orange"
    office.import_year(2027, HOLIDAYS_2027)
    assert office.case(case_no)["lamp"] == "yellow"


def test_a_step_has_a_lamp_of_its_own_until_it_is_done(office: Office) -> None:
    hall = Hall(office)
    office.api.clock.pass_(days=3)
    rows = {row["number"]: row for row in office.read(f"cases/{hall.case_no}/steps", office.agent)["items"]}
    clock = office.read(f"cases/{hall.case_no}/clock", office.agent)["steps"]
    for line in clock:
        assert (rows[line["number"]]["due_on"], rows[line["number"]]["lamp"]) == (
            line["due_on"],
            line["lamp"],
        )
    assert {line["lamp"] for line in clock} == {"orange", None}


def test_a_district_sets_from_when_its_lamps_are_lit(fresh_database: FreshDatabase) -> None:
    with open_office(
        fresh_database("casework", furnished), lamp_yellow_days=10, lamp_orange_days=2
    ) as office:
        near, nearer = office.accepted(promised_days=10), office.accepted(promised_days=2)
        assert [office.case(one)["lamp"] for one in (near, nearer)] == ["yellow", "orange"]
