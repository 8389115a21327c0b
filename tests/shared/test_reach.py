"""How far somebody reaches, by what their token says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.scope import (
    EVERYTHING,
    NOTHING,
    Scope,
    place,
    scope_of,
)
from shared import sample
from shared.test_scope import COMMUNITIES, areas, claims
from testkit.api import XIAN


def test_residents_and_volunteers_reach_their_own_wherever_it_lies() -> None:
    assert scope_of(claims(Role.RESIDENT, Role.VOLUNTEER, area=XIAN)) == Scope(owner="r-1")
    assert scope_of(claims()) == Scope(owner="r-1")


def test_staff_reach_their_area_however_it_is_written() -> None:
    assert scope_of(claims(Role.WINDOW_CLERK, area="330902000000")) == Scope(area="330902")
    assert scope_of(claims(Role.WINDOW_CLERK, area="330902002000")) == Scope(area="330902002")
    assert scope_of(claims(Role.WINDOW_CLERK, Role.RESIDENT, area=XIAN)) == Scope(area=XIAN)


@pytest.mark.parametrize("area", [None, "", "33", "3309", "33090200200", "33090200200101"])
def test_staff_without_a_proper_area_reach_nothing(area: str | None) -> None:
    assert scope_of(claims(Role.DISTRICT_ADMIN, area=area)) == NOTHING
    assert not scope_of(claims(Role.DISTRICT_ADMIN, area=area)).covers(XIAN)


@given(areas, st.sampled_from(COMMUNITIES))
def test_a_scope_covers_what_lies_within_its_area(area: str, community: str) -> None:
    assert Scope(area=area).covers(community) == community.startswith(area)
    assert EVERYTHING.covers(community)
    assert not NOTHING.covers(community)
    assert not Scope(owner="r-1").covers(community)


def test_a_row_of_an_area_has_a_column_for_each_level() -> None:
    assert place(XIAN) == {"community": XIAN, "street": "330902002", "district": "330902"}
    assert sample.Thing(**place(XIAN)).street == "330902002"
