"""A case in tolerant acceptance is moved from both sides, and has one end."""

import pytest

from casework.office import Office
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import CaseProgressed, CaseRevoked, CaseSupplemented
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.steps import PlannedStep, StepKind

ENDS = (CaseStatus.ACCEPTANCE_REVOKED, CaseStatus.DEEMED_WITHDRAWN)


def supplemented(office: Office, case_no: str) -> None:
    office.api.receive(CaseSupplemented(case_no=case_no, at=office.api.clock()), source="intake")


def revoked(office: Office, case_no: str, status: CaseStatus = CaseStatus.ACCEPTANCE_REVOKED) -> None:
    office.api.receive(CaseRevoked(case_no=case_no, status=status, at=office.api.clock()), source="intake")


def tolerated(office: Office) -> str:
    return office.accepted(status=CaseStatus.TOLERANT_ACCEPTED)


def test_the_clock_of_a_tolerantly_accepted_case_runs_and_its_work_begins_with_the_last_paper(
    office: Office,
) -> None:
    case_no = tolerated(office)
    before = office.case(case_no)
    assert (before["status"], before["promised_due_on"]) == ("tolerant_accepted", "2026-12-21")
    assert office.do(office.officer, "decision", case_no, {"outcome": "grant"}).status_code == 409
    supplemented(office, case_no)
    after = office.case(case_no)
    assert (after["status"], after["promised_due_on"]) == ("handling", "2026-12-21")
    assert after["version"] == before["version"] + 1
    office.must(office.officer, "decision", case_no, {"outcome": "grant"})


@pytest.mark.parametrize("end", ENDS)
def test_a_missed_paper_ends_the_file_and_its_figures(office: Office, end: CaseStatus) -> None:
    case_no = tolerated(office)
    office.api.clock.pass_(days=60)
    office.api.tick()
    assert office.figures()[Metric.CASES_OVERDUE_OPEN] == 1
    revoked(office, case_no, end)
    ended = office.case(case_no)
    assert (ended["status"], ended["overdue"]) == (end, False)
    assert office.figures().get(Metric.CASES_OVERDUE_OPEN, 0) == 0
    assert office.read(f"cases/{case_no}/actions", office.clerk)["actions"] == []
    office.api.clock.pass_(days=60)
    assert office.api.tick() == 0


@pytest.mark.parametrize("news", ["supplemented", *ENDS])
def test_a_file_that_was_taken_back_before_stays_withdrawn(office: Office, news: str) -> None:
    case_no = tolerated(office)
    office.must(office.clerk, "withdrawal", case_no, {"reason": "不办了"})
    before = office.case(case_no)
    if news == "supplemented":
        supplemented(office, case_no)
    else:
        revoked(office, case_no, CaseStatus(news))
    assert office.case(case_no) == before
    assert office.api.sent(CaseProgressed)[-1].status is CaseStatus.WITHDRAWN


def test_late_papers_begin_no_work_on_a_file_that_was_taken_back(office: Office) -> None:
    survey = PlannedStep(
        name="入户调查", kind=StepKind.WORK, stage=1, role=Role.AGENT_OFFICER, working_days=3
    )
    case_no = office.accepted(status=CaseStatus.TOLERANT_ACCEPTED, steps=[survey])
    office.must(office.clerk, "withdrawal", case_no, {"reason": "不办了"})
    supplemented(office, case_no)
    (step,) = office.read(f"cases/{case_no}/steps", office.admin)["items"]
    assert (step["state"], step["started_on"]) == ("waiting", None)


def test_a_file_that_has_ended_is_not_taken_back_nor_revived(office: Office) -> None:
    case_no = tolerated(office)
    revoked(office, case_no)
    assert office.do(office.clerk, "withdrawal", case_no, {"reason": "不办了"}).status_code == 409
    supplemented(office, case_no)
    assert office.case(case_no)["status"] == "acceptance_revoked"


def test_a_decided_file_is_not_touched(office: Office) -> None:
    case_no = tolerated(office)
    supplemented(office, case_no)
    office.must(office.officer, "decision", case_no, {"outcome": "grant"})
    revoked(office, case_no)
    assert office.case(case_no)["status"] == "decided"
