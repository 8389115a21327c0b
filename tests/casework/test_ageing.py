"""The ageing of open cases: every day falls into one step, and what is counted is what is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casework.office import Office, furnished, open_office
from conftest import FreshDatabase
from onewindow_casework.assignment.ageing import steps
from onewindow_shared.contracts.access import Role
from testkit.api import KAIYUAN, XIAN


@given(st.sets(st.integers(-400, 400), min_size=1, max_size=20), st.integers(-500, 500))
def test_every_number_of_days_falls_into_one_step(begins: set[int], days: int) -> None:
    within = [
        (first, last)
        for first, last in steps(sorted(begins))
        if (first is None or first <= days) and (last is None or days <= last)
    ]
    assert len(within) == 1


def test_open_cases_are_counted_by_how_near_their_last_day_is(office: Office) -> None:
    near, far = office.accepted(promised_days=2), office.accepted(promised_days=60, statutory_days=60)
    office.accepted(promised_days=2, community=KAIYUAN)
    office.closed(promised_days=2)

    def counted(area: str | None = None) -> dict[tuple[int | None, int | None], int]:
        answer = office.read(f"queue/ageing?area={area}" if area else "queue/ageing", office.admin)
        assert answer["area"] == area
        return {(one["from_days"], one["to_days"]): one["cases"] for one in answer["steps"] if one["cases"]}

    assert counted(XIAN) == {(1, 3): 1, (8, None): 1}
    assert counted("330902") == counted() == {(1, 3): 2, (8, None): 1}
    office.go_to(2026, 12, 7, 2)
    assert (office.case(near)["lamp"], office.case(far)["lamp"]) == ("red", None)
    assert counted(XIAN) == {(-30, -11): 1, (8, None): 1}


def test_nobody_counts_beyond_their_reach(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        office.accepted(promised_days=2)
    there = office.api.people.headers(Role.COMMUNITY_MANAGER, KAIYUAN)
    assert {one["cases"] for one in office.read(f"queue/ageing?area={XIAN}", there)["steps"]} == {0}
    assert office.get("queue/ageing?area=33", office.admin).status_code == 422
    monkeypatch.setattr("onewindow_casework.assignment.ageing.MOST", 2)
    answer = office.read("queue/ageing", office.admin)
    assert (max(one["cases"] for one in answer["steps"]), answer["most"]) == (2, 2)


def test_a_district_says_where_its_steps_begin(fresh_database: FreshDatabase) -> None:
    url = fresh_database("casework", furnished)
    with open_office(url, ageing_days=(0,)) as office:
        office.accepted(promised_days=2)
        told = office.read("queue/ageing", office.admin)["steps"]
        assert told == [
            {"from_days": None, "to_days": -1, "cases": 0},
            {"from_days": 0, "to_days": None, "cases": 1},
        ]
    with pytest.raises(ValidationError, match="each step begins later"), open_office(url, ageing_days=(1, 1)):
        pass
