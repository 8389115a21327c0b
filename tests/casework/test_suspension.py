"""Special procedures stop both limits for the time told in writing, within a cap, and no longer."""

from datetime import UTC, datetime
from typing import Any

import pytest

from casework.office import HOLIDAYS_2027, Office
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.metrics import Metric


def hearing(days: int = 5, **more: Any) -> dict[str, Any]:
    notice = {"method": "post", "proof": "EMS 1234567890123"}
    body = {"procedure": "hearing", "days": days, "reason": "利害关系人申请听证", "notice": notice}
    return body | more


def dues(office: Office, case_no: str) -> tuple[str, str]:
    case = office.case(case_no)
    return case["promised_due_on"], case["statutory_due_on"]


def promised(office: Office, case_no: str) -> dict[str, Any]:
    """Return the promised limit, once it has been seen that it sums to the day that is kept."""
    clock = office.read(f"cases/{case_no}/clock", office.agent)
    kept = office.case(case_no)
    for name in ("promised", "statutory"):
        limit = clock[name]
        assert sum(day["counted"] for day in limit["days"]) == limit["limit"]
        assert limit["days"][-1]["day"] == limit["due_on"] == kept[f"{name}_due_on"]
    found: dict[str, Any] = clock["promised"]
    return found


def test_a_hearing_stops_both_limits_for_the_days_told_and_its_result_sets_them_going(
    office: Office,
) -> None:
    case_no = office.started(promised_days=3, statutory_days=10)
    assert dues(office, case_no) == ("2026-11-26", "2026-12-07")
    assert office.read(f"cases/{case_no}/actions", office.agent)["actions"] == [
        *("handoffs", "suspension", "withdrawal", "agency")
    ]
    office.go_to(2026, 11, 24, 2)
    suspended = office.must(office.agent, "suspension", case_no, hearing())
    assert suspended["status"] == "suspended"
    assert dues(office, case_no) == ("2026-12-04", "2026-12-15")
    days = {day["day"]: day["why"] for day in promised(office, case_no)["days"]}
    assert (days["2026-11-24"], days["2026-12-01"], days["2026-12-02"]) == ("paused", "paused", "workday")
    assert office.read(f"cases/{case_no}/actions", office.agent)["actions"] == [
        *("handoffs", "resumption", "withdrawal", "agency")
    ]
    for who, action, body in (
        (office.officer, "decision", {"outcome": "grant"}),
        (office.agent, "suspension", hearing()),
    ):
        assert office.do(who, action, case_no, body).status_code == 409

    office.go_to(2026, 11, 26, 2)
    resumed = office.must(office.agent, "resumption", case_no, {"result": "听证笔录已收"})
    assert resumed["status"] == "handling"
    assert dues(office, case_no) == ("2026-12-01", "2026-12-10")
    clock = office.read(f"cases/{case_no}/clock", office.agent)
    assert clock["pauses"] == [
        {
            "procedure": "hearing",
            "reason": "利害关系人申请听证",
            "days": 5,
            "start": "2026-11-24",
            "told_until": "2026-12-01",
            "ended_on": "2026-11-26",
        }
    ]
    assert promised(office, case_no)["due_on"] == "2026-12-01"
    told = [event for event in office.api.sent(CaseProgressed) if event.case_no == case_no]
    assert [(event.step, str(event.due_on)) for event in told[-2:]] == [
        ("suspended", "2026-12-04"),
        ("resumed", "2026-12-01"),
    ]


def test_beyond_the_time_told_the_limits_run_although_the_procedure_lasts(office: Office) -> None:
    case_no = office.started(promised_days=3)
    office.must(office.agent, "suspension", case_no, hearing(1))
    assert dues(office, case_no)[0] == "2026-11-27"
    office.go_to(2026, 11, 27, 9)
    office.api.tick()
    late = office.case(case_no)
    assert (late["status"], late["overdue"]) == ("suspended", True)
    office.api.clock.pass_(days=3)
    office.must(office.agent, "resumption", case_no, {"result": "听证结束"})
    assert (dues(office, case_no)[0], office.case(case_no)["overdue"]) == ("2026-11-27", True)
    office.must(office.agent, "suspension", case_no, hearing())
    assert (dues(office, case_no)[0], office.case(case_no)["overdue"]) == ("2026-11-27", True)
    assert office.figures() == {Metric.CASES_OVERDUE_OPEN: 1}


def test_what_was_over_at_the_close_of_business_no_pause_of_that_evening_brings_back(office: Office) -> None:
    case_no, before_closing = office.started(promised_days=1), office.started(promised_days=1)
    office.go_to(2026, 11, 24, 8, 59)
    office.must(office.agent, "suspension", before_closing, hearing(1))
    assert dues(office, before_closing)[0] == "2026-11-26"
    office.go_to(2026, 11, 24, 9)
    office.must(office.agent, "suspension", case_no, hearing(1))
    assert dues(office, case_no)[0] == "2026-11-24"
    office.must(office.agent, "resumption", case_no, {"result": "当晚结束"})
    assert promised(office, case_no)["due_on"] == "2026-11-24"


def test_all_pauses_together_keep_to_the_cap_and_only_the_officer_in_charge_makes_them(
    office: Office,
) -> None:
    case_no = office.started()
    assert office.do(office.officer, "suspension", case_no, hearing()).status_code == 403
    assert "suspension" not in office.read(f"cases/{case_no}/actions", office.officer)["actions"]
    too_long = office.do(office.agent, "suspension", case_no, hearing(61))
    assert (too_long.status_code, too_long.json()["errors"][0]["loc"]) == (422, ["body", "days"])
    office.must(office.agent, "suspension", case_no, hearing(58))
    office.api.clock.now = datetime(2027, 6, 1, 2, tzinfo=UTC)
    office.must(office.agent, "resumption", case_no, {"result": "听证结束"})
    assert office.do(office.agent, "suspension", case_no, hearing(3)).status_code == 422
    office.must(office.agent, "suspension", case_no, hearing(2))
    office.must(office.manager, "assignments", case_no, {"officer": "agent.two"})
    assert office.do(office.agent, "resumption", case_no, {"result": "听证结束"}).status_code == 403


def test_an_item_is_suspended_for_its_own_special_procedures_and_any_where_it_names_none(
    office: Office,
) -> None:
    own = office.started(special_procedures=["appraisal", "testing"])
    refused = office.do(office.agent, "suspension", own, hearing())
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["body", "procedure"])
    office.must(office.agent, "suspension", own, hearing() | {"procedure": "appraisal"})
    office.must(office.agent, "suspension", office.started(), hearing())


def test_a_year_that_becomes_known_moves_the_limits_and_not_the_time_that_was_told(office: Office) -> None:
    office.go_to(2026, 12, 29, 2)
    case_no = office.started(promised_days=4)
    office.must(office.agent, "suspension", case_no, hearing(3))
    before = office.read(f"cases/{case_no}/clock", office.agent)
    assert (before["pauses"][0]["told_until"], before["promised"]["provisional"]) == ("2027-01-04", True)
    assert before["promised"]["due_on"] == "2027-01-08"
    office.import_year(2027, HOLIDAYS_2027)
    after = office.read(f"cases/{case_no}/clock", office.agent)
    assert (after["pauses"], after["promised"]["provisional"]) == (before["pauses"], False)
    assert promised(office, case_no)["due_on"] == "2027-01-09"
    assert office.case(case_no)["calendar_version"] == after["calendar_version"]


@pytest.mark.parametrize(("own", "most"), [(15, 15), (None, 10), (3, 3)])
def test_an_item_of_its_own_rule_is_extended_by_that(office: Office, own: int | None, most: int) -> None:
    case_no = office.started(promised_days=30, statutory_days=30, extension_days=own)
    body = {"reason": "需要异地核对", "notice": {"method": "electronic", "proof": "短信回执"}}
    assert office.do(office.admin, "extension", case_no, body | {"days": most + 1}).status_code == 422
    office.must(office.admin, "extension", case_no, body | {"days": most})
    assert promised(office, case_no)["limit"] == 30 + most


def test_what_is_not_to_be_extended_is_not(office: Office) -> None:
    case_no = office.started(extension_days=0)
    assert "extension" not in office.read(f"cases/{case_no}/actions", office.admin)["actions"]
    body = {"days": 1, "reason": "人手不足", "notice": {"method": "electronic", "proof": "短信回执"}}
    assert office.do(office.admin, "extension", case_no, body).status_code == 422


def test_a_head_extends_a_case_once_before_its_promise_is_over_and_both_limits_grow(office: Office) -> None:
    case_no, late, not_begun = (
        office.started(promised_days=3),
        office.started(promised_days=1),
        office.accepted(),
    )
    notice = {"method": "electronic", "proof": "短信回执"}
    body = {"days": 10, "reason": "需要异地核对家庭财产", "notice": notice}
    path = f"cases/{case_no}/actions"
    assert office.do(office.agent, "extension", case_no, body).status_code == 403
    assert office.do(office.admin, "extension", not_begun, body).status_code == 409
    assert office.do(office.admin, "extension", case_no, body | {"days": 11}).status_code == 422
    assert office.read(path, office.admin)["actions"] == ["assignments", "extension", "supervisions"]
    office.must(office.manager, "assignments", late, {"officer": "agent.two"})
    office.must(office.admin, "extension", case_no, body)
    assert dues(office, case_no) == ("2026-12-10", "2027-01-19")
    assert promised(office, case_no)["limit"] == 13
    clock = office.read(f"cases/{case_no}/clock", office.agent)
    assert (clock["extension"]["days"], clock["extension"]["reason"]) == (10, body["reason"])
    assert office.read(path, office.admin)["actions"] == ["assignments", "supervisions"]
    again = office.do(office.admin, "extension", case_no, body)
    assert (again.status_code, again.json()["title"]) == (409, "Already extended")
    office.go_to(2026, 11, 24, 9)
    over = office.do(office.admin, "extension", late, body)
    assert (over.status_code, over.json()["title"]) == (409, "Too late to extend")
    assert [event.step for event in office.api.sent(CaseProgressed)].count("extended") == 1
