"""Absences that are entered at the same moment: nobody stands in for somebody who stands in for them."""

from functools import partial
from typing import Any

import pytest

from casework.office import Office
from casework.test_assignment import WEEK, Roster
from onewindow_shared.plumbing import database
from testkit.moments import at_once


@pytest.fixture(autouse=True)
def no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a circle of waiting end in an error, where it would be tried again."""
    monkeypatch.setattr(database, "_RETRIED_STATES", frozenset())


@pytest.fixture
def roster(office: Office) -> Roster:
    made = Roster(office)
    for subject in ("agent.xian", "agent.two"):
        assert made.put(office.manager, subject).status_code == 200
    return made


def away(roster: Roster, subject: str, substitute: str | None, **more: Any) -> Any:
    body = WEEK | {"substitute": substitute} | more
    return roster.create(roster.office.manager, f"roster/{subject}/absences", body)


def stand(roster: Roster) -> list[tuple[str, str | None]]:
    """Return who is away, and who stands in."""
    return [
        (one["subject"], one["substitute"])
        for subject in ("agent.xian", "agent.two")
        for one in roster.office.read(f"roster/{subject}/absences", roster.office.manager)["items"]
    ]


@pytest.mark.parametrize("first", ["agent.xian", "agent.two"])
def test_two_who_would_stand_in_for_each_other_do_not_both_leave(roster: Roster, first: str) -> None:
    other = {"agent.xian": "agent.two", "agent.two": "agent.xian"}[first]
    leaving = partial(away, roster, first, other), partial(away, roster, other, first, first="2026-11-29")
    answers = at_once(roster.office.api, "absences", *leaving)
    assert sorted(one.status_code for one in answers) == [201, 422]
    if roster.office.api.runtime.database.dialect == "postgresql":
        assert stand(roster) == [(first, other)], "whoever came first"
    assert len(stand(roster)) == 1


def test_one_who_leaves_beside_being_named_to_stand_in(roster: Roster) -> None:
    named = partial(away, roster, "agent.xian", "agent.two")
    _, second = at_once(roster.office.api, "absences", partial(away, roster, "agent.two", None), named)
    if roster.office.api.runtime.database.dialect == "postgresql":
        assert second.json()["errors"][0]["loc"] == ["body", "substitute"]
        assert stand(roster) == [("agent.two", None)]


def test_in_weeks_of_their_own_each_stands_in_for_the_other(roster: Roster) -> None:
    later = {"first": "2026-11-30", "last": "2026-12-06"}
    leaving = (
        partial(away, roster, "agent.xian", "agent.two"),
        partial(away, roster, "agent.two", "agent.xian", **later),
    )
    answers = at_once(roster.office.api, "absences", *leaving)
    assert [one.status_code for one in answers] == [201, 201]
