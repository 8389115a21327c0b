"""Instant items are decided in the visit in which they are applied for."""

from typing import Any

from intake.window import INSTANT, ITEM, NO_PAPERS, Somebody, form, somebody, wrong_fields
from onewindow_intake.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import CaseAccepted, CaseProgressed
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import figures
from testkit.api import XIAN, Api

GRANT = {"outcome": "grant"}


def complete(clerk: Somebody) -> dict[str, Any]:
    return clerk.posted(item=INSTANT, materials=clerk.papers(INSTANT))


def document(clerk: Somebody, case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = clerk.get(f"cases/{case['case_no']}/issued-documents/instant_decision").json()
    return found


def test_a_complete_case_is_accepted_decided_and_closed_in_one_step(api: Api, clerk: Somebody) -> None:
    case = complete(clerk)
    closed = clerk.moved(case, "instant-decision", GRANT)
    assert (closed["status"], closed["accepted_on"], closed["ended_on"]) == (
        "closed",
        "2026-11-23",
        "2026-11-23",
    )
    assert clerk.steps(case) == ["received", "decided_at_once"]
    told = api.sent(CaseAccepted)[-1]
    assert (told.case_no, told.status) == (case["case_no"], CaseStatus.CLOSED)
    assert (document(clerk, case)["outcome"], document(clerk, case)["issued_by"]) == ("grant", "clerk.xian")
    day = told.accepted_on
    found = api.system(lambda unit: figures(unit.session, unit.gathered(XIAN), day, day))
    assert found[Metric.CASES_CLOSED_INSTANTLY] == 1
    api.clock.pass_(days=30)
    api.tick()
    assert clerk.case(case)["version"] == closed["version"]


def test_it_is_decided_in_the_very_request_that_posts_it_once(api: Api, clerk: Somebody) -> None:
    application = form(INSTANT, materials=clerk.papers(INSTANT), decide=GRANT)
    answers = [clerk.apply(application, "decided-at-the-posting") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    case = answers[0].json()
    assert (case["status"], case["notice_due_at"]) == ("closed", None)
    closed = clerk.case(case)
    assert (closed["accepted_on"], closed["ended_on"]) == ("2026-11-23", "2026-11-23")
    assert clerk.steps(case) == ["received", "decided_at_once"]
    assert (document(clerk, case)["outcome"], document(clerk, case)["issued_by"]) == ("grant", "clerk.xian")
    told = [one for one in api.sent(CaseAccepted) if one.case_no == case["case_no"]]
    assert [one.status for one in told] == [CaseStatus.CLOSED]
    day = told[0].accepted_on
    found = api.system(lambda unit: figures(unit.session, unit.gathered(XIAN), day, day))
    assert found[Metric.CASES_CLOSED_INSTANTLY] == 1
    recounted = api.system(lambda unit: [row["metric"] for row in recount(unit)])
    assert recounted.count(Metric.CASES_CLOSED_INSTANTLY) == 1
    api.clock.pass_(days=30)
    api.tick()
    assert clerk.case(case)["version"] == closed["version"]


def test_the_same_rules_hold_for_a_decision_at_the_posting(clerk: Somebody, resident: Somebody) -> None:
    papers = clerk.papers(INSTANT)
    refusal = {"outcome": "refuse", "reasons": "不符合失业登记条件"}
    wrong: list[tuple[dict[str, Any], set[str]]] = [
        (form(ITEM, materials=clerk.papers(ITEM), decide=GRANT), {"decide"}),
        (form(INSTANT, materials=papers, decide={"outcome": "refuse"}), {"decide.reasons"}),
        (form(INSTANT, materials=papers[1:], decide=GRANT), {f"materials.{papers[0]['code']}"}),
    ]
    for application, fields in wrong:
        assert wrong_fields(clerk.apply(application)) == fields
    assert resident.apply(form(INSTANT, channel="web", decide=GRANT)).status_code == 403
    case = clerk.posted(item=INSTANT, materials=papers, decide=refusal)
    assert document(clerk, case)["reasons"] == "不符合失业登记条件"
    assert "行政复议" in document(clerk, case)["remedies"]


def test_a_refusal_states_its_reasons_and_tells_of_the_remedies(clerk: Somebody) -> None:
    case = complete(clerk)
    assert wrong_fields(clerk.move(case, "instant-decision", {"outcome": "refuse"})) == {"reasons"}
    refusal = {"outcome": "refuse", "reasons": "不符合失业登记条件"}
    assert clerk.moved(case, "instant-decision", refusal)["status"] == "closed"
    written = document(clerk, case)
    assert written["reasons"] == "不符合失业登记条件"
    assert "行政复议" in written["remedies"]


def test_what_takes_its_time_or_is_not_complete_is_not_decided_at_once(api: Api, clerk: Somebody) -> None:
    slow = clerk.posted(materials=clerk.papers(ITEM))
    assert clerk.move(slow, "instant-decision", GRANT).status_code == 409
    bare = clerk.posted(item=INSTANT)
    assert wrong_fields(clerk.move(bare, "instant-decision", GRANT)) >= {"materials.m1"}
    for who in (Role.AGENT_OFFICER, Role.COMMUNITY_MANAGER, Role.DISTRICT_ADMIN):
        area = "330902" if who is Role.DISTRICT_ADMIN else XIAN
        assert somebody(api, who, area).move(bare, "instant-decision", GRANT).status_code == 403


def test_only_an_instant_item_offers_the_decision(clerk: Somebody) -> None:
    def offered(case: dict[str, Any]) -> bool:
        return "decide_at_once" in clerk.get(f"cases/{case['case_no']}/actions").json()["actions"]

    assert offered(complete(clerk))
    assert not offered(clerk.posted(item=NO_PAPERS))


def test_news_of_the_same_end_does_not_move_the_day_on_which_it_came(api: Api, clerk: Somebody) -> None:
    closed = clerk.moved(complete(clerk), "instant-decision", GRANT)
    api.clock.pass_(days=3)
    news = CaseProgressed(
        case_no=closed["case_no"], status=CaseStatus.CLOSED, step="reviewed", at=api.clock(), version=2
    )
    api.receive(news, source="casework")
    assert clerk.case(closed)["ended_on"] == "2026-11-23"
