"""What both sides of a hand-off are offered, how an offer ends, and who is away when."""

from typing import Any

import pytest

from casework.office import BASE, Headers, Office
from casework.test_assignment import WEEK, Roster
from onewindow_casework.handling.queries import find
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.unit import Unit
from testkit.api import environment


@pytest.fixture
def roster(office: Office) -> Roster:
    return Roster(office)


def offered(office: Office, case_no: str, who: Headers) -> list[str]:
    found: list[str] = office.read(f"cases/{case_no}/actions", who)["actions"]
    return [action for action in found if action.startswith("handoffs")]


def test_both_sides_are_offered_what_they_may_do_with_a_hand_off(roster: Roster) -> None:
    office, second = roster.office, roster.second
    case_no = office.started()
    assert offered(office, case_no, office.agent) == ["handoffs"]
    assert offered(office, case_no, second) == []
    made = roster.create(office.agent, f"cases/{case_no}/handoffs", {"taker": "agent.two"}).json()
    at = f"handoffs/{made['handoff_id']}"
    assert offered(office, case_no, office.agent) == [f"{at}/withdrawal"]
    assert offered(office, case_no, second) == [f"{at}/acceptance", f"{at}/bounce"]
    assert offered(office, case_no, office.clerk) == []


def test_an_offer_ends_with_the_work_on_its_case(roster: Roster) -> None:
    office, second = roster.office, roster.second
    case_no = office.started()
    roster.create(office.agent, f"cases/{case_no}/handoffs", {"taker": "agent.two"})
    office.must(office.clerk, "withdrawal", case_no, {"acting": "applicant"})
    assert office.read("queue", second)["offered"] == 0
    assert office.read("handoffs", second)["items"] == []
    assert offered(office, case_no, second) == []


def test_offers_that_outlived_the_work_are_ended_by_the_migration(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, settings = roster.office, roster.office.api.runtime.settings
    waits, over = office.started(), office.started()
    for case_no in (waits, over):
        roster.create(office.agent, f"cases/{case_no}/handoffs", {"taker": "agent.two"})

    def as_before(unit: Unit) -> None:
        case = find(unit, over)
        case.status = CaseStatus.DECIDED

    office.api.system(as_before)
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    url = settings.database_url.get_secret_value()
    migrate("casework", url, down_to="0046_unnamed_reviews")
    migrate("casework", url)
    assert [row["case_no"] for row in office.read("handoffs", roster.second)["items"]] == [waits]


def test_nobody_is_away_twice_nor_stands_in_while_away(roster: Roster) -> None:
    office = roster.office
    for subject in ("agent.xian", "agent.two"):
        roster.put(office.manager, subject)
    first = roster.away()

    def refused(subject: str, **more: Any) -> str:
        answer = roster.create(office.manager, f"roster/{subject}/absences", WEEK | more)
        assert answer.status_code == 422, answer.text
        found: str = answer.json()["errors"][0]["loc"][-1]
        return found

    assert refused("agent.xian") == "first"
    assert refused("agent.xian", first="2026-11-29", last="2026-12-05") == "first"
    assert refused("agent.two", substitute="agent.xian") == "substitute"
    roster.away(first="2026-11-30", last="2026-12-05")
    path = f"{BASE}/roster/agent.xian/absences/{first['absence_id']}/ending"
    office.api.client.post(path, headers=office.manager | {"If-Match": '"1"'})
    roster.away("agent.two", substitute="agent.xian")
