"""A closed case is taken up again within a window counted from its closing, and from nothing else."""

from itertools import product
from typing import Any

import pytest

from casework.office import CLOSED_IN_TIME, ONCE_CLOSED, Office
from casework.test_steps import PROCEDURE, Hall
from onewindow_casework.steps import rules
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus, walk
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.steps import StepKind

WHY = {"reason": "其女王小红反映家庭成员有误"}


def dues(office: Office, case_no: str) -> tuple[str, str]:
    case = office.case(case_no)
    return case["promised_due_on"], case["statutory_due_on"]


@pytest.mark.parametrize("outcome", ["grant", "refuse"])
def test_a_reopened_case_is_handled_decided_delivered_and_closed_anew(office: Office, outcome: str) -> None:
    case_no = office.closed(outcome, promised_days=5, statutory_days=10)
    assert office.figures() == CLOSED_IN_TIME
    office.go_to(2026, 12, 7, 2)
    assert "reopening" in office.read(f"cases/{case_no}/actions", office.admin)["actions"]
    again = office.must(office.admin, "reopening", case_no, WHY)
    assert (again["status"], again["decision"], again["delivery"], again["closed_at"]) == (
        "handling",
        None,
        None,
        None,
    )
    assert dues(office, case_no) == ("2026-12-14", "2026-12-21")
    assert office.figures() == ONCE_CLOSED == office.recounted()
    clock = office.read(f"cases/{case_no}/clock", office.clerk)["promised"]
    assert (clock["start"], clock["due_on"]) == ("2026-12-07", "2026-12-14")
    office.must(office.officer, "decision", case_no, {"outcome": "grant", "reasons": "复核后符合条件"})
    office.must(office.clerk, "delivery", case_no, {"method": "pick_up", "proof": "本人签收"})
    assert office.must(office.clerk, "closure", case_no)["status"] == "closed"
    twice = CLOSED_IN_TIME | {Metric.CASES_CLOSINGS: 2}
    assert office.figures() == twice == office.recounted()
    (former,) = office.read(f"cases/{case_no}/reopenings", office.clerk)["items"]
    assert (former["decision"]["outcome"], former["reason"]) == (outcome, WHY["reason"])
    told = [event.step for event in office.api.sent(CaseProgressed) if event.case_no == case_no]
    assert told[-4:] == ["reopened", "decided", "delivered", "closed"]


def test_the_window_is_counted_from_the_closing_whatever_is_written_in_between(office: Office) -> None:
    kept, missed = office.closed(applicant_subject="r-1"), office.closed()
    office.go_to(2026, 11, 27, 2)
    assert office.review(office.clerk, kept).status_code == 201
    office.review(office.clerk, missed)
    office.go_to(2026, 12, 21, 9)
    office.must(office.admin, "reopening", kept, WHY)
    office.go_to(2026, 12, 22, 0)
    late = office.do(office.admin, "reopening", missed, WHY)
    assert (late.status_code, late.json()["title"]) == (409, "Too late to reopen")
    assert "reopening" not in office.read(f"cases/{missed}/actions", office.admin)["actions"]


def test_only_heads_reopen_and_only_what_is_closed(office: Office) -> None:
    case_no, running, withdrawn = office.closed(applicant_subject="r-1"), office.started(), office.accepted()
    office.must(office.clerk, "withdrawal", withdrawn, {})
    for who in (office.clerk, office.agent, office.officer, office.resident):
        assert office.do(who, "reopening", case_no, WHY).status_code == 403
    for other in (running, withdrawn):
        assert office.do(office.admin, "reopening", other, WHY).status_code == 409
    office.must(office.admin, "reopening", case_no, WHY)
    seen = office.read(f"cases/{case_no}/reopenings", office.resident)["items"][0]
    assert (seen["reason"], seen["decision"]["outcome"]) == (None, "grant")
    assert "王小红" not in office.get(f"cases/{case_no}/timeline", office.resident).text


def test_an_instant_case_can_be_reopened_too(office: Office) -> None:
    case_no = office.accepted(status=CaseStatus.CLOSED, promised_days=1, statutory_days=1)
    office.must(office.admin, "reopening", case_no, WHY)
    office.must(office.agent, "claim", case_no)
    office.must(office.officer, "decision", case_no, {"outcome": "grant"})
    assert office.read(f"cases/{case_no}/reopenings", office.clerk)["items"][0]["decision"] is None


def test_days_that_were_overdue_stay_in_the_figures_and_a_used_extension_is_used_up(office: Office) -> None:
    case_no = office.started(promised_days=1, statutory_days=20)
    notice = {"method": "post", "proof": "EMS 1"}
    office.must(office.admin, "extension", case_no, {"days": 1, "reason": "案情复杂", "notice": notice})
    office.go_to(2026, 11, 25, 12)
    office.api.tick()
    office.must(office.officer, "decision", case_no, {"outcome": "grant"})
    office.must(office.clerk, "delivery", case_no, {"method": "pick_up", "proof": "签收"})
    office.go_to(2026, 11, 26, 2)
    office.must(office.clerk, "closure", case_no)
    office.must(office.admin, "reopening", case_no, WHY)
    assert (office.case(case_no)["overdue"], dues(office, case_no)[0]) == (False, "2026-11-27")
    clock = office.read(f"cases/{case_no}/clock", office.admin)
    assert (clock["extension"], clock["promised"]["limit"]) == (None, 1)
    assert office.figures() == office.recounted() == ONCE_CLOSED
    office.go_to(2026, 11, 27, 12)
    office.api.tick()
    assert office.case(case_no)["overdue"] is True
    assert office.figures() == office.recounted() == {Metric.CASES_OVERDUE_OPEN: 1, **ONCE_CLOSED}


def finished(hall: Hall) -> None:
    hall.put_up()
    hall.office.go_to(2026, 12, 1, 2)
    hall.must(hall.street, "steps/3/completion", {"result": "无异议"})
    hall.must(hall.office.officer, "decision", {"outcome": "grant"})
    hall.must(hall.office.clerk, "delivery", {"method": "pick_up", "proof": "签收"})
    hall.must(hall.office.clerk, "closure", {})


def test_steps_are_done_again_from_the_one_that_is_named(office: Office) -> None:
    hall = Hall(office)
    finished(hall)
    wrong: Any = office.do(office.admin, "reopening", hall.case_no, WHY | {"again_from": 9})
    assert wrong.json()["errors"][0]["loc"] == ["body", "again_from"]
    hall.must(office.admin, "reopening", WHY | {"again_from": 3})
    assert hall.states() == ["done"] * 5 + ["running", "waiting", "waiting"]
    assert office.do(office.officer, "decision", hall.case_no, {"outcome": "grant"}).status_code == 409


def test_without_one_only_decision_and_delivery_are_done_again(office: Office) -> None:
    hall = Hall(office)
    finished(hall)
    hall.must(office.admin, "reopening", WHY)
    assert hall.states() == ["done"] * 5 + ["running", "waiting"]
    hall.must(office.officer, "decision", {"outcome": "grant"})
    hall.must(office.clerk, "delivery", {"method": "pick_up", "proof": "签收"})
    hall.must(office.clerk, "closure", {})
    hall.must(office.admin, "reopening", WHY)
    assert [(row["number"], row["again_of"]) for row in hall.steps().values()][7:] == [(8, 6), (9, 7)]
    assert [step.kind for step in PROCEDURE[3:]] == [StepKind.DECISION, StepKind.DELIVERY]
    assert rules.TAKEN.isdisjoint({StepKind.DECISION, StepKind.DELIVERY})


@pytest.mark.parametrize(("status", "role"), list(product(CaseStatus, Role)))
def test_the_table_lets_heads_alone_reopen_closed_cases(status: CaseStatus, role: Role) -> None:
    may = status in {CaseStatus.CLOSED, CaseStatus.REFUSED}
    if may and role in {Role.STREET_SUPERVISOR, Role.DISTRICT_ADMIN}:
        assert walk(status, CaseAction.REOPEN, {role}).target is CaseStatus.HANDLING
    else:
        with pytest.raises(CannotMoveError):
            walk(status, CaseAction.REOPEN, {role})
