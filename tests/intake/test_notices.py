"""One notice of corrections: it lists everything, comes in time, and there is no second demand."""

from typing import Any

import pytest
import sqlalchemy as sa

from intake.conftest import Open
from intake.window import ITEM, Somebody, on, somebody, wrong_fields
from onewindow_intake.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.rollups import figures, rebuild
from testkit.api import XIAN, Api, environment

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


def told_words_of_another_paper(clerk: Somebody, waiting: dict[str, Any]) -> Any:
    return clerk.move(waiting, "refusal", {**WRONG, "unmet": [{"problem": BLURRED["problem"]}]})


def fault_with_a_good_paper(clerk: Somebody, waiting: dict[str, Any]) -> Any:
    return clerk.move(waiting, "materials", {"materials": [{"code": "m2", "received": False}]})


@pytest.mark.parametrize("demand", [
    second_notice,
    new_ground,
    new_words,
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


@pytest.mark.parametrize("named", [
    {"line": 1},
    {"material": "m1"},
    {"material": "m1", "problem": "仍看不清"},
    BLURRED,
])  # fmt: skip
def test_a_refusal_names_a_line_by_number_or_paper_and_says_it_in_the_words_of_the_notice(
    api: Api, clerk: Somebody, named: dict[str, Any]
) -> None:
    case = clerk.moved(clerk.posted(materials=clerk.papers()), "corrections", NOTICE)
    for received in (True, False):
        case = clerk.moved(case, "materials", {"materials": [{"code": "m1", "received": received}]})
    for wrong in ({"line": 2}, {"line": 1, **BLURRED}):
        assert wrong_fields(clerk.move(case, "refusal", {**WRONG, "unmet": [wrong]})) == {"unmet.0.line"}
    assert wrong_fields(clerk.move(case, "refusal", {**WRONG, "unmet": [{}]})) == {"unmet.0"}
    clerk.moved(case, "refusal", {**WRONG, "unmet": [named]})
    document = clerk.get(f"cases/{case['case_no']}/issued-documents/non_acceptance").json()
    assert [(line["material"], line["problem"]) for line in document["unmet"]] == [tuple(BLURRED.values())]
    assert counted(api)[Metric.SECOND_DEMANDS] == 0


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


ADDRESS = "申请表上的住址与户口簿不一致"
TOLD = {"defects": [{"problem": ADDRESS}, BLURRED], "deadline": NOTICE["deadline"]}
M1 = {"materials": [{"code": "m1", "received": True}]}


def line(*, met: bool, number: int = 1) -> dict[str, Any]:
    return {"lines": [{"line": number, "met": met}]}


def states(who: Somebody, case: dict[str, Any]) -> list[str]:
    return [one["state"] for one in who.case(case)["corrections"]]


def waiting_for_m2(clerk: Somebody) -> dict[str, Any]:
    """A case whose notice has a line about no paper, and two about papers."""
    return clerk.moved(clerk.posted(materials=clerk.papers(without="m2")), "corrections", TOLD)


def test_a_line_about_no_paper_is_met_at_the_window_and_until_then_nothing_is_accepted(
    api: Api, clerk: Somebody
) -> None:
    case = waiting_for_m2(clerk)
    assert [(one["line"], one["material"], one["state"]) for one in case["corrections"]] == [
        (1, None, "open"),
        (2, "m1", "open"),
        (3, "m2", "open"),
    ]
    assert case["corrections"][0]["problem"] == ADDRESS
    brought = clerk.moved(case, "materials", {"materials": clerk.papers()})
    assert states(clerk, brought) == ["open", "met", "met"]
    assert wrong_fields(clerk.move(brought, "acceptance")) == {"lines.1"}
    api.clock.pass_(days=1)
    met = clerk.moved(brought, "materials", line(met=True))
    first = met["corrections"][0]
    assert (first["state"], first["seen_by"]) == ("met", "clerk.xian")
    assert first["since"].startswith("2026-11-24")
    assert clerk.steps(met)[-2:] == ["materials", "lines_met"]
    accepted = clerk.moved(met, "acceptance")
    assert (accepted["status"], accepted["accepted_on"]) == ("accepted", "2026-11-24")
    assert states(clerk, accepted) == ["met", "met", "met"]


def test_a_case_that_has_no_paper_to_bring_is_corrected_by_its_lines(clerk: Somebody) -> None:
    case = clerk.moved(
        clerk.posted(materials=clerk.papers()), "corrections", NOTICE | {"defects": TOLD["defects"][:1]}
    )
    assert wrong_fields(clerk.move(case, "acceptance")) == {"lines.1"}
    assert clerk.moved(clerk.moved(case, "materials", line(met=True)), "acceptance")["status"] == "accepted"


def test_a_line_that_is_not_met_in_time_ends_the_application_and_the_notice_of_it_says_so(
    api: Api, clerk: Somebody
) -> None:
    case = clerk.moved(waiting_for_m2(clerk), "materials", {"materials": clerk.papers()})
    api.clock.pass_(days=30)
    api.tick()
    assert clerk.case(case)["status"] == "deemed_withdrawn"
    told = clerk.get(f"cases/{case['case_no']}/issued-documents/deemed_withdrawal").json()
    assert told["missing"] == [ADDRESS]


def test_a_resident_who_declares_the_line_in_time_waits_for_the_window_and_loses_no_day(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    posted = resident.posted(channel="web", materials=clerk.papers())
    seen = clerk.moved(posted, "materials", {"materials": clerk.papers()})
    case = clerk.moved(seen, "corrections", TOLD)
    api.clock.pass_(days=1)
    case = resident.moved(case, "materials", {**M1, **line(met=True)})
    assert states(resident, case) == ["declared", "declared"]
    api.clock.pass_(days=30)
    api.tick()
    assert clerk.case(case)["status"] == "correction"
    assert wrong_fields(clerk.move(case, "acceptance")) == {"materials.m1", "lines.1"}
    case = clerk.moved(case, "materials", {**M1, **line(met=True)})
    assert clerk.moved(case, "acceptance")["accepted_on"] == "2026-11-24"


def test_a_line_that_the_window_finds_not_met_after_the_deadline_ends_the_application(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    posted = resident.posted(channel="web", materials=clerk.papers())
    seen = clerk.moved(posted, "materials", {"materials": clerk.papers()})
    case = clerk.moved(seen, "corrections", NOTICE | {"defects": TOLD["defects"][:1]})
    case = resident.moved(case, "materials", line(met=True))
    api.clock.pass_(days=30)
    clerk.moved(case, "materials", line(met=False))
    api.tick()
    assert clerk.case(case)["status"] == "deemed_withdrawn"


def test_what_is_said_of_lines_has_to_fit_the_notice(clerk: Somebody) -> None:
    before = clerk.posted(materials=clerk.papers())
    assert wrong_fields(clerk.move(before, "materials", line(met=True))) == {"lines.0.line"}
    case = clerk.moved(before, "corrections", TOLD)
    assert wrong_fields(clerk.move(case, "materials", line(met=True, number=2))) == {"lines.0.line"}
    assert wrong_fields(clerk.move(case, "materials", line(met=True, number=3))) == {"lines.0.line"}
    twice = {"lines": [{"line": 1, "met": True}, {"line": 1, "met": False}]}
    assert wrong_fields(clerk.move(case, "materials", twice)) == {"lines.0.line", "lines.1.line"}
    assert clerk.move(case, "materials", {}).status_code == 422
    assert clerk.case(case)["version"] == case["version"]


def test_a_refusal_goes_by_a_line_about_no_paper_once_it_was_answered_and_is_not_met(
    clerk: Somebody,
) -> None:
    case = clerk.moved(clerk.posted(materials=clerk.papers()), "corrections", TOLD)
    wrong = {**WRONG, "unmet": TOLD["defects"][:1]}
    assert wrong_fields(clerk.move(case, "refusal", wrong)) == {"ground"}
    met = clerk.moved(case, "materials", line(met=True))
    assert wrong_fields(clerk.move(met, "refusal", wrong)) == {"unmet.0.problem"}
    looked_at = clerk.moved(met, "materials", line(met=False))
    assert states(clerk, looked_at) == ["open", "open"]
    assert clerk.moved(looked_at, "refusal", wrong)["status"] == "not_accepted"


def test_lines_of_notices_from_before_are_open_but_what_was_handed_in_in_time_waits_for_the_window(
    open_furnished: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_furnished() as api:
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
        untouched, brought = (
            clerk.moved(clerk.posted(serial=n, materials=clerk.papers()), "corrections", TOLD) for n in (1, 2)
        )
        clerk.moved(brought, "materials", M1)
        settings = api.runtime.settings
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    url = settings.database_url.get_secret_value()
    migrate("intake", url, down_to="0034_words_on_matters")
    came = "UPDATE cases SET complete_on = received_on, declared_at = received_at WHERE case_no = :case_no"

    def complete(connection: sa.Connection) -> None:
        connection.execute(sa.text(came), {"case_no": brought["case_no"]})

    with_connection(url, complete)
    migrate("intake", url)
    with open_furnished() as api:
        clerk = somebody(api, Role.WINDOW_CLERK, XIAN, subject="clerk.xian")
        assert states(clerk, untouched) == ["open", "open"]
        assert states(clerk, brought) == ["declared", "met"]
        api.clock.pass_(days=30)
        api.quiet()
        assert clerk.case(untouched)["status"] == "deemed_withdrawn"
        left = clerk.moved(clerk.case(brought), "materials", line(met=True))
        assert clerk.moved(left, "acceptance")["accepted_on"] == "2026-11-23"
