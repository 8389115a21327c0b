"""One notice of corrections: it lists everything, comes in time, and there is no second demand."""

from typing import Any

import pytest

from intake.window import ITEM, Somebody, on, somebody, wrong_fields
from onewindow_intake.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.rollups import figures, rebuild
from testkit.api import XIAN, Api

BLURRED = {"material": "m1", "problem": "复印件不清晰"}
NOTICE = {"defects": [BLURRED], "deadline": "2026-12-04"}
WRONG = {"ground": "not_conforming", "reason": "补正后仍不符合", "unmet": NOTICE["defects"]}
COUNTED = (
    *(Metric.CORRECTIONS_ASKED, Metric.CORRECTIONS_ASKED_IN_TIME),
    *(Metric.SECOND_DEMANDS, Metric.CASES_DEEMED_ACCEPTED),
)


def counted(api: Api) -> dict[Metric, int]:
    found = api.system(
        lambda unit: figures(
            unit.session, unit.gathered(XIAN), on("2026-01-01").date(), on("2027-12-31").date()
        )
    )
    return {metric: found.get(metric, 0) for metric in COUNTED}


def demands_written_down(api: Api) -> list[AuditRecord]:
    return api.system(
        lambda unit: list(
            unit.session.query(AuditRecord).filter(AuditRecord.action == "case.second_demand").all()
        )
    )


def test_a_notice_names_every_needed_paper_that_is_not_there(clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers(without="m2"))
    clerk.moved(case, "corrections", NOTICE)
    notice = clerk.get(f"cases/{case['case_no']}/issued-documents/correction_notice").json()
    assert [(defect["material"], defect["problem"]) for defect in notice["defects"]] == [
        ("m1", "复印件不清晰"),
        ("m2", "未提交"),
    ]


def second_notice(clerk: Somebody, waiting: dict[str, Any]) -> Any:
    return clerk.move(waiting, "corrections", NOTICE)


def new_ground(clerk: Somebody, waiting: dict[str, Any]) -> Any:
    return clerk.move(waiting, "refusal", {**WRONG, "unmet": [{"material": "m2", "problem": "签名不符"}]})


def new_words(clerk: Somebody, waiting: dict[str, Any]) -> Any:
    return clerk.move(waiting, "refusal", {**WRONG, "unmet": [{"problem": "还缺一份证明"}]})


def another_fault_of_a_told_paper(clerk: Somebody, waiting: dict[str, Any]) -> Any:
    return clerk.move(waiting, "refusal", {**WRONG, "unmet": [{"material": "m1", "problem": "还缺盖章"}]})


def told_words_of_another_paper(clerk: Somebody, waiting: dict[str, Any]) -> Any:
    return clerk.move(waiting, "refusal", {**WRONG, "unmet": [{"problem": BLURRED["problem"]}]})


def fault_with_a_good_paper(clerk: Somebody, waiting: dict[str, Any]) -> Any:
    return clerk.move(waiting, "materials", {"materials": [{"code": "m2", "received": False}]})


@pytest.mark.parametrize("demand", [
    second_notice,
    new_ground,
    new_words,
    another_fault_of_a_told_paper,
    told_words_of_another_paper,
    fault_with_a_good_paper,
])  # fmt: skip
def test_a_second_demand_is_refused_and_yet_counted_and_written_down(
    api: Api, clerk: Somebody, demand: Any
) -> None:
    waiting = clerk.moved(clerk.posted(materials=clerk.papers()), "corrections", NOTICE)
    answer = demand(clerk, waiting)
    assert answer.status_code == 409, answer.text
    assert answer.json()["type"].split(":")[-1] in {"second-notice", "second-demand"}
    assert clerk.case(waiting)["version"] == waiting["version"]
    assert counted(api)[Metric.SECOND_DEMANDS] == 1
    (written,) = demands_written_down(api)
    assert (written.entity_id, written.actor, written.area) == (waiting["case_no"], "clerk.xian", XIAN)


@pytest.mark.parametrize(("who", "told", "counts"), [
    ("clerk", {"material": "m2", "problem": "签名不符"}, 1),
    ("clerk", BLURRED, 0),
    ("resident", {"material": "m2", "problem": "签名不符"}, 0),
])  # fmt: skip
def test_a_notice_in_a_case_made_anew_by_the_window_counts_where_it_asks_for_more(
    api: Api, clerk: Somebody, resident: Somebody, who: str, told: dict[str, str], counts: int
) -> None:
    posted = clerk.posted(materials=clerk.papers()) if who == "clerk" else resident.posted(channel="web")
    first = clerk.moved(posted, "materials", {"materials": clerk.papers()})
    waiting = clerk.moved(first, "corrections", NOTICE)
    (clerk if who == "clerk" else resident).moved(waiting, "withdrawal", {})
    anew = clerk.posted(materials=clerk.papers())
    clerk.moved(anew, "corrections", {**NOTICE, "defects": [told]})
    assert counted(api)[Metric.SECOND_DEMANDS] == counts
    assert [record.detail["action"] for record in demands_written_down(api)] == ["renewed"] * counts


def test_a_refusal_after_the_notice_says_what_of_it_was_not_met(clerk: Somebody) -> None:
    waiting = clerk.moved(clerk.posted(materials=clerk.papers()), "corrections", NOTICE)
    assert wrong_fields(clerk.move(waiting, "refusal", {**WRONG, "unmet": []})) == {"unmet"}
    corrected = clerk.moved(waiting, "materials", {"materials": [{"code": "m1", "received": True}]})
    assert wrong_fields(clerk.move(corrected, "refusal", WRONG)) == {"unmet.0.material"}
    taken_back = clerk.moved(corrected, "materials", {"materials": [{"code": "m1", "received": False}]})
    clerk.moved(taken_back, "refusal", WRONG)
    document = clerk.get(f"cases/{waiting['case_no']}/issued-documents/non_acceptance").json()
    assert [defect["material"] for defect in document["unmet"]] == ["m1"]


def test_a_window_that_only_speaks_of_papers_does_not_end_the_applicant_s_time(clerk: Somebody) -> None:
    case = clerk.moved(clerk.posted(materials=clerk.papers()), "corrections", NOTICE)
    for said in (
        {"code": "m1", "received": False, "remark": "仍未提交"},
        {"code": "m2", "received": True, "remark": "已核"},
    ):
        case = clerk.moved(case, "materials", {"materials": [said]})
        assert clerk.steps(case)[-1] == "materials_said"
        assert wrong_fields(clerk.move(case, "refusal", WRONG)) == {"ground"}
    case = clerk.moved(case, "materials", {"materials": [{"code": "m1", "received": True, "copies": 1}]})
    assert clerk.steps(case)[-1] == "materials"
    assert clerk.moved(case, "refusal", WRONG)["status"] == "not_accepted"


def test_a_notice_is_given_once_everything_that_was_declared_has_been_looked_at(
    clerk: Somebody, resident: Somebody
) -> None:
    case = resident.posted(channel="web", materials=clerk.papers())
    unseen = {f"materials.{paper['code']}" for paper in clerk.papers(without="m1")}
    assert wrong_fields(clerk.move(case, "corrections", NOTICE)) == unseen
    seen = clerk.moved(case, "materials", {"materials": clerk.papers(without="m1")})
    told = clerk.moved(seen, "corrections", NOTICE)
    corrected = clerk.moved(told, "materials", {"materials": [{"code": "m1", "received": True}]})
    assert clerk.moved(corrected, "acceptance")["status"] == "accepted"


def test_a_notice_to_an_online_applicant_is_late_after_one_working_day_but_still_good(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    online, other = resident.posted(channel="web"), resident.posted(channel="web")
    window = clerk.posted()
    clerk.moved(online, "corrections", NOTICE)
    api.clock.pass_(days=2)
    assert clerk.moved(other, "corrections", NOTICE)["status"] == "correction"
    clerk.moved(window, "corrections", NOTICE)
    found = counted(api)
    assert (found[Metric.CORRECTIONS_ASKED], found[Metric.CORRECTIONS_ASKED_IN_TIME]) == (3, 2)


def test_counted_again_from_the_cases_and_the_audit_the_figures_are_the_same(
    api: Api, clerk: Somebody
) -> None:
    waiting = clerk.moved(clerk.posted(), "corrections", NOTICE)
    second_notice(clerk, waiting)
    clerk.posted()
    api.clock.pass_(days=10)
    api.tick()
    before = counted(api)
    assert min(before.values()) >= 1
    api.system(lambda unit: rebuild(unit.session, recount(unit)))
    assert counted(api) == before


def test_the_list_of_documents_follows_what_happened(api: Api, clerk: Somebody) -> None:
    def kinds(case: dict[str, Any]) -> list[str]:
        listed = clerk.get(f"cases/{case['case_no']}/issued-documents").json()["documents"]
        return [document["kind"] for document in listed]

    def readable(case: dict[str, Any]) -> bool:
        path = f"cases/{case['case_no']}/issued-documents"
        return all(clerk.get(f"{path}/{kind}").json()["kind"] == kind for kind in kinds(case))

    told = clerk.moved(clerk.posted(), "corrections", NOTICE)
    brought = clerk.moved(told, "materials", {"materials": [{"code": "m1", "received": True}]})
    still = {"materials": [{"code": "m1", "received": False}]}
    refused = clerk.moved(clerk.moved(brought, "materials", still), "refusal", WRONG)
    assert kinds(refused) == ["receipt", "correction_notice", "non_acceptance"]
    missed = clerk.moved(clerk.posted(), "corrections", NOTICE)
    silent, withdrawn = clerk.posted(), clerk.moved(clerk.posted(), "withdrawal", {})
    assert kinds(withdrawn) == ["receipt", "withdrawal"]
    api.clock.pass_(days=30)
    while api.tick():
        pass
    assert kinds(missed) == ["receipt", "correction_notice", "deemed_withdrawal"]
    assert kinds(silent) == ["receipt", "deemed_acceptance"]
    for case in (refused, missed, silent, withdrawn):
        assert readable(case)
    auditor = somebody(api, Role.AUDITOR, "330902")
    assert auditor.get(f"cases/{silent['case_no']}/issued-documents/revocation").status_code == 404
    assert silent["item_code"] == ITEM
