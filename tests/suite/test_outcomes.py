"""Each outcome of an application through the gateway, as both services and the papers tell it."""

from typing import Any

import pytest

from town import CASEWORK, INTAKE, Person, Town, application, eventually, person

pytestmark = pytest.mark.suite

XIAN, SLOW = "330902002001", "soc-subsistence-national"
INSTANT, TOLERANT = "emp-unemployment-registration", "edu-enrolment-guchen"


def taken_in(town: Town, clerk: Person, item: str, serial: int, *, without: str = "") -> dict[str, Any]:
    form = application(town.item(item), XIAN, person(serial))
    form["materials"] = [paper for paper in form["materials"] if paper["code"] != without]
    return clerk.made(f"{INTAKE}/cases", form)


def moved(who: Person, case: dict[str, Any], to: str, body: Any) -> dict[str, Any]:
    return who.moved(f"{INTAKE}/cases/{case['case_no']}/{to}", body, case["version"])


def papers(who: Person, case: dict[str, Any]) -> list[str]:
    path = f"{INTAKE}/cases/{case['case_no']}/issued-documents"
    kinds = [document["kind"] for document in who.read(path)["documents"]]
    assert all(who.read(f"{path}/{kind}")["kind"] == kind for kind in kinds)
    return kinds


def file_of(who: Person, case: dict[str, Any], status: str) -> dict[str, Any]:
    path = f"{CASEWORK}/cases/{case['case_no']}"
    answer = eventually(
        lambda: who.get(path), lambda got: got.status_code == 200 and got.json()["status"] == status
    )
    found: dict[str, Any] = answer.json()
    return found


def in_days(who: Person, case: dict[str, Any]) -> str:
    """Return the last day of the promised limit: the latest on which anything can be due."""
    return str(who.read(f"{INTAKE}/cases/{case['case_no']}")["due_on"])


def test_an_instant_item_is_decided_in_the_visit_and_can_be_reviewed(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    case = moved(clerk, taken_in(town, clerk, INSTANT, 201), "instant-decision", {"outcome": "grant"})
    assert case["status"] == "closed"
    assert papers(clerk, case) == ["receipt", "instant_decision"]
    file_of(clerk, case, "closed")
    review = {"level": 5, "channel": "window"}
    assert clerk.create(f"{CASEWORK}/cases/{case['case_no']}/review", review).status_code == 201


def test_a_tolerant_acceptance_is_followed_by_its_paper_and_the_work(town: Town) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    probe = moved(clerk, taken_in(town, clerk, TOLERANT, 202), "acceptance", {})
    received = taken_in(town, clerk, TOLERANT, 203, without="m4")
    promise = {
        "deferred": [{"material": "m4", "due_on": in_days(clerk, probe)}],
        "promise": {"signed_by": "applicant", "signed_how": "by_hand"},
        "no_discredit_record": True,
    }
    waiting = moved(clerk, received, "tolerant-acceptance", promise)
    assert file_of(agent, waiting, "tolerant_accepted")["promised_due_on"] == waiting["due_on"]
    seen = clerk.read(f"{INTAKE}/cases/{waiting['case_no']}")
    whole = moved(clerk, seen, "supplement", {"materials": [{"code": "m4", "received": True}]})
    assert whole["status"] == "handling"
    assert papers(clerk, whole) == ["receipt", "acceptance", "tolerant_promise", "supplement_receipt"]
    file_of(agent, whole, "handling")


def test_a_second_demand_is_refused_and_a_refusal_keeps_to_the_notice(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    probe = moved(clerk, taken_in(town, clerk, SLOW, 204), "acceptance", {})
    defect = {"material": "m1", "problem": "复印件不清晰"}
    notice = {"defects": [defect], "deadline": in_days(clerk, probe)}
    waiting = moved(clerk, taken_in(town, clerk, SLOW, 205), "corrections", notice)
    path = f"{INTAKE}/cases/{waiting['case_no']}"
    assert clerk.move(f"{path}/corrections", notice, waiting["version"]).status_code == 409
    wrong = {"ground": "not_conforming", "reason": "补正后仍不符合"}
    other = {**wrong, "unmet": [{"material": "m2", "problem": "签名不符"}]}
    assert clerk.move(f"{path}/refusal", other, waiting["version"]).status_code == 409
    refused = moved(clerk, waiting, "refusal", {**wrong, "unmet": [defect]})
    assert refused["status"] == "not_accepted"
    assert papers(clerk, refused) == ["receipt", "correction_notice", "non_acceptance"]


def test_a_matter_of_another_body_is_refused_with_its_name_and_one_can_be_taken_back(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    refusal = {"ground": "not_competent", "reason": "户籍事项", "competent_body": "公安定海区分局"}
    refused = moved(clerk, taken_in(town, clerk, SLOW, 206), "refusal", refusal)
    assert papers(clerk, refused) == ["receipt", "non_acceptance"]
    back = moved(clerk, taken_in(town, clerk, SLOW, 207), "withdrawal", {"reason": "不办了"})
    assert papers(clerk, back) == ["receipt", "withdrawal"]
