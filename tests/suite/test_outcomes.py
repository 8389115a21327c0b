"""Each outcome of an application through the gateway, as both services and the papers tell it."""

import re
from io import BytesIO
from typing import Any

import httpx2
import pytest
from pypdf import PdfReader

from town import CASEWORK, INTAKE, Person, Town, application, eventually, person

pytestmark = pytest.mark.suite

XIAN, SLOW = "330902002001", "soc-subsistence-national"
INSTANT, TOLERANT = "emp-unemployment-registration", "edu-enrolment-guchen"
OF_THE_WINDOW = {"receipt", "tolerant_promise", "supplement_receipt", "withdrawal", "custody_slip"}
"""Papers that do not carry a department's name."""


def taken_in(town: Town, clerk: Person, item: str, serial: int, *, without: str = "") -> dict[str, Any]:
    form = application(town.item(item), XIAN, person(serial))
    form["materials"] = [paper for paper in form["materials"] if paper["code"] != without]
    return clerk.made(f"{INTAKE}/cases", form)


def moved(who: Person, case: dict[str, Any], to: str, body: Any) -> dict[str, Any]:
    return who.moved(f"{INTAKE}/cases/{case['case_no']}/{to}", body, case["version"])


def papers(town: Town, who: Person, case: dict[str, Any]) -> list[str]:
    """List the documents of a case; each is printed, and anybody finds it genuine."""
    path = f"{INTAKE}/cases/{case['case_no']}"
    kinds = [document["kind"] for document in who.read(f"{path}/issued-documents")["documents"]]
    for kind in kinds:
        document = who.read(f"{path}/issued-documents/{kind}")
        assert (document["kind"], document["window"]) == (kind, "西安社区居委会")
        assert (document["office"] == document["window"]) is (kind in OF_THE_WINDOW), kind
        text = printed(who.get(f"{path}/papers/{kind}"))
        number = re.findall(rf"{case['case_no']}-[A-Z]+[0-9]+", text)[0]
        asked = {"number": number, "code": text.partition("核验码：")[2][:8]}
        told = town.anybody().ask("POST", f"{INTAKE}/paper-checks", asked).json()
        assert (told["standing"], told["office"]) == ("genuine", document["office"]), kind
    return kinds


def printed(answer: httpx2.Response) -> str:
    assert answer.status_code == 200, answer.text
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def file_of(who: Person, case: dict[str, Any], status: str) -> dict[str, Any]:
    path = f"{CASEWORK}/cases/{case['case_no']}"
    answer = eventually(
        lambda: who.get(path), lambda got: got.status_code == 200 and got.json()["status"] == status
    )
    found: dict[str, Any] = answer.json()
    return found


def ended(who: Person, case: dict[str, Any], status: str) -> None:
    path = f"{INTAKE}/cases/{case['case_no']}"
    eventually(lambda: who.read(path)["status"], lambda now: bool(now == status))


def second_demands(who: Person) -> int:
    """Count the demands beyond a notice that were refused, as the community's figures tell it."""
    told = who.read(f"/api/metrics/v1/areas/{XIAN}")["indicators"]
    found: int = next(one["numerator"] for one in told if one["id"] == "S4.refused")
    return found


def in_days(who: Person, case: dict[str, Any]) -> str:
    """Return the last day of the promised limit: the latest on which anything can be due."""
    return str(who.read(f"{INTAKE}/cases/{case['case_no']}")["due_on"])


def test_a_complete_case_is_accepted(town: Town) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    case = moved(clerk, taken_in(town, clerk, SLOW, 200), "acceptance", {})
    assert papers(town, clerk, case) == ["receipt", "acceptance"]
    assert file_of(agent, case, "accepted")["promised_due_on"] == case["due_on"]


def test_an_instant_item_is_decided_in_the_request_that_posts_it(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    refusal = {"outcome": "refuse", "reasons": "未达到法定劳动年龄"}
    form = {**application(town.item(INSTANT), XIAN, person(208)), "decide": refusal}
    case = clerk.made(f"{INTAKE}/cases", form)
    assert case["status"] == "closed"
    assert papers(town, clerk, case) == ["receipt", "instant_decision"]
    decision = printed(clerk.get(f"{INTAKE}/cases/{case['case_no']}/papers/instant_decision"))
    assert "未达到法定劳动年龄" in decision
    file_of(clerk, case, "closed")


def test_an_instant_item_is_decided_in_the_visit_and_can_be_reviewed(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    case = moved(clerk, taken_in(town, clerk, INSTANT, 201), "instant-decision", {"outcome": "grant"})
    assert case["status"] == "closed"
    assert papers(town, clerk, case) == ["receipt", "instant_decision"]
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
    path = f"{INTAKE}/cases/{waiting['case_no']}"
    eventually(lambda: clerk.read(f"{path}/timeline")["items"][-1]["step"], lambda step: step == "opened")
    seen = clerk.read(path)
    whole = moved(clerk, seen, "supplement", {"materials": [{"code": "m4", "received": True}]})
    assert whole["status"] == "handling"
    assert papers(town, clerk, whole) == ["receipt", "acceptance", "tolerant_promise", "supplement_receipt"]
    file_of(agent, whole, "handling")


def test_a_second_demand_is_refused_and_a_refusal_keeps_to_the_notice(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    probe = moved(clerk, taken_in(town, clerk, SLOW, 204), "acceptance", {})
    defect = {"material": "m1", "problem": "复印件不清晰"}
    notice = {"defects": [defect], "deadline": in_days(clerk, probe)}
    waiting = moved(clerk, taken_in(town, clerk, SLOW, 205), "corrections", notice)
    path = f"{INTAKE}/cases/{waiting['case_no']}"
    demands = second_demands(clerk)
    assert clerk.move(f"{path}/corrections", notice, waiting["version"]).status_code == 409
    wrong = {"ground": "not_conforming", "reason": "补正后仍不符合"}
    other = {**wrong, "unmet": [{"material": "m2", "problem": "签名不符"}]}
    assert clerk.move(f"{path}/refusal", other, waiting["version"]).status_code == 409
    eventually(lambda: second_demands(clerk), lambda n: n == demands + 2, patience=5)
    still = {"materials": [{"code": "m1", "received": False}]}
    brought = moved(clerk, waiting, "materials", {"materials": [{"code": "m1", "received": True}]})
    looked_at = moved(clerk, brought, "materials", still)
    refused = moved(clerk, looked_at, "refusal", {**wrong, "unmet": [defect]})
    assert refused["status"] == "not_accepted"
    assert papers(town, clerk, refused) == ["receipt", "correction_notice", "non_acceptance"]


def test_a_line_about_no_paper_is_met_at_the_desk_before_the_case_is_accepted(town: Town) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    probe = moved(clerk, taken_in(town, clerk, SLOW, 214), "acceptance", {})
    received = taken_in(town, clerk, SLOW, 215)
    defects = [{"problem": "申请表上的住址与户口簿不一致"}, {"material": "m1", "problem": "复印件不清晰"}]
    notice = {"defects": defects, "deadline": in_days(clerk, probe)}
    waiting = moved(clerk, received, "corrections", notice)

    def awaited() -> dict[str, Any]:
        path = f"{INTAKE}/tracking/{received['case_no']}"
        told = town.anybody().ask("POST", path, {"code": received["tracking_code"]}).json()
        found: dict[str, Any] = told["awaited"]
        return found

    assert (awaited()["party"], [line["line"] for line in awaited()["lines"]]) == ("applicant", [1])
    receipt = {"number": received["case_no"], "code": received["tracking_code"]}
    page = httpx2.post(f"{town.suite.url}/tracking", data=receipt, trust_env=False)
    assert "《补正材料一次性告知书》第1项" in page.text
    assert "住址" not in page.text, "its own words may name somebody"
    brought = moved(clerk, waiting, "materials", {"materials": [{"code": "m1", "received": True}]})
    path = f"{INTAKE}/cases/{received['case_no']}"
    early = clerk.move(f"{path}/acceptance", {}, brought["version"])
    assert early.status_code == 422
    assert [error["loc"] for error in early.json()["errors"]] == [["body", "lines", "1"]]
    met = moved(clerk, brought, "materials", {"lines": [{"line": 1, "met": True}]})
    assert [line["state"] for line in met["corrections"]] == ["met", "met"]
    assert (awaited()["party"], awaited()["lines"]) == ("office", [])
    accepted = moved(clerk, met, "acceptance", {})
    assert papers(town, clerk, accepted) == ["receipt", "correction_notice", "acceptance"]
    file_of(agent, accepted, "accepted")


def test_a_matter_of_another_body_is_refused_with_its_name_and_one_can_be_taken_back(town: Town) -> None:
    clerk = town.staff("clerk.xian")
    refusal = {"ground": "not_competent", "reason": "户籍事项", "competent_body": "公安定海区分局"}
    refused = moved(clerk, taken_in(town, clerk, SLOW, 206), "refusal", refusal)
    assert papers(town, clerk, refused) == ["receipt", "non_acceptance"]
    written = printed(clerk.get(f"{INTAKE}/cases/{refused['case_no']}/papers/non_acceptance"))
    assert "公安定海区分局" in written
    back = moved(clerk, taken_in(town, clerk, SLOW, 207), "withdrawal", {"reason": "改由女儿代为办理"})
    assert papers(town, clerk, back) == ["receipt", "withdrawal"]
    slip = printed(clerk.get(f"{INTAKE}/cases/{back['case_no']}/papers/withdrawal"))
    assert "改由女儿代为办理" in slip
