"""Many cases are offered to an officer at once; each has a result of its own."""

from typing import Any

import pytest

from intake.window import NO_PAPERS, Somebody, somebody
from onewindow_intake.handoffs import many
from onewindow_shared.contracts.access import Role
from testkit.api import KAIYUAN, XIAN, Api

AGENT = "agent.xian"


@pytest.fixture(autouse=True)
def _small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write two cases in a transaction."""
    monkeypatch.setattr(many, "AT_ONCE", 2)


def offered(who: Somebody, *cases: Any, taker: str = AGENT) -> list[dict[str, Any]]:
    rows = [{"case_no": case["case_no"], "version": case["version"]} for case in cases]
    answer = who.post("cases/handoffs", {"taker": taker, "cases": rows})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def outcomes(results: list[dict[str, Any]]) -> list[str]:
    return [result["outcome"] for result in results]


def test_each_case_has_a_result_of_its_own(clerk: Somebody, neighbour: Somebody) -> None:
    good, changed, theirs = (clerk.posted(serial=serial, item=NO_PAPERS) for serial in (1, 2, 3))
    other = clerk.posted(serial=4, first_contact_officer="clerk.other")
    elsewhere = neighbour.posted(community=KAIYUAN)
    asked = [good, changed | {"version": 7}, elsewhere, other, theirs]
    results = offered(clerk, *asked)
    assert outcomes(results) == ["offered", "stale", "not_found", "refused", "offered"]
    assert [result["case_no"] for result in results] == [case["case_no"] for case in asked]
    assert results[3]["detail"]


def test_a_number_that_is_none_spoils_nothing_for_the_others(clerk: Somebody) -> None:
    good = clerk.posted(item=NO_PAPERS)
    typed = [{"case_no": text, "version": 1} for text in ("12", "一\0", good["case_no"][:-1] + "x")]
    results = offered(clerk, *typed, good)
    assert outcomes(results) == ["refused"] * 3 + ["offered"]
    assert all(result["detail"] for result in results[:3])


def test_sent_again_nothing_is_offered_twice(api: Api, clerk: Somebody) -> None:
    cases = [clerk.posted(serial=serial, item=NO_PAPERS) for serial in range(1, 6)]
    first = offered(clerk, *cases)
    again = offered(clerk, *reversed(cases), cases[0])
    assert outcomes(again) == ["already_offered"] * 6
    assert {result["handoff_id"] for result in again} == {result["handoff_id"] for result in first}
    agent = somebody(api, Role.AGENT_OFFICER, XIAN, subject=AGENT)
    assert len(agent.get("handoffs").json()["items"]) == 5


def test_a_case_that_is_listed_twice_is_offered_once_and_says_so(clerk: Somebody) -> None:
    cases = [clerk.posted(serial=serial, item=NO_PAPERS) for serial in range(1, 4)]
    results = offered(clerk, *cases, cases[0])
    assert outcomes(results) == ["offered"] * 4
    assert results[3] == results[0]


def test_an_offer_to_somebody_else_is_not_overwritten(clerk: Somebody) -> None:
    case = clerk.posted()
    offered(clerk, case)
    assert outcomes(offered(clerk, case, taker="agent.other")) == ["refused"]
    assert outcomes(offered(clerk, clerk.posted(serial=2), taker="clerk.xian")) == ["refused"]


def test_it_is_for_officers_and_has_a_size(clerk: Somebody, resident: Somebody) -> None:
    row = {"case_no": clerk.posted()["case_no"], "version": 1}
    assert resident.post("cases/handoffs", {"taker": AGENT, "cases": [row]}).status_code == 403
    assert clerk.post("cases/handoffs", {"taker": AGENT, "cases": [row] * 201}).status_code == 422
    assert clerk.post("cases/handoffs", {"taker": AGENT, "cases": []}).status_code == 422
