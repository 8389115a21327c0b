"""Limits in the life of an office: explained, overdue once, counted again when the calendar changes."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from casework.office import HOLIDAYS_2027, ONCE_CLOSED, Office
from onewindow_casework.clocks import recounting
from onewindow_shared.contracts.events import CalendarChanged, CaseProgressed
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.timers import Timer

OVERDUE = Metric.CASES_OVERDUE_OPEN


def steps(office: Office, case_no: str) -> list[str]:
    return [event.step for event in office.api.sent(CaseProgressed) if event.case_no == case_no]


def test_every_day_of_a_limit_is_explained(office: Office) -> None:
    office.go_to(2026, 9, 21, 2)
    clock = office.read(f"cases/{office.accepted(promised_days=10)}/clock", office.agent)
    promised = clock["promised"]
    assert (promised["limit"], promised["start"], promised["due_on"]) == (10, "2026-09-21", "2026-10-12")
    assert promised["due_at"] == "2026-10-12T09:00:00Z"
    days = {line["day"]: line for line in promised["days"]}
    assert (days["2026-09-21"]["counted"], days["2026-09-21"]["why"]) == (False, "start")
    assert (days["2026-09-25"]["why"], days["2026-09-25"]["name"]) == ("holiday", "中秋")
    assert (days["2026-10-01"]["why"], days["2026-10-01"]["name"]) == ("holiday", "国庆节")
    assert (days["2026-10-10"]["why"], days["2026-10-10"]["counted"]) == ("makeup", True)
    assert (days["2026-10-11"]["why"], days["2026-10-11"]["number"]) == ("weekend", None)
    assert sum(line["counted"] for line in promised["days"]) == 10
    assert clock["statutory"]["limit"] == 30
    assert clock["calendar_version"].startswith("2026r1-")


def test_a_case_is_overdue_only_after_the_close_of_business_of_its_promised_day(office: Office) -> None:
    case_no = office.accepted(promised_days=2)
    office.go_to(2026, 11, 25, 8, 59)
    assert (office.api.tick(), office.case(case_no)["overdue"]) == (0, False)
    office.go_to(2026, 11, 25, 9, 0)
    assert (office.api.tick(), office.case(case_no)["overdue"]) == (1, True)


def test_after_a_week_down_a_case_falls_overdue_once_and_is_counted_once_from_its_day(
    office: Office, noise: list[str]
) -> None:
    case_no = office.accepted(promised_days=2)
    office.api.clock.pass_(days=9)
    office.api.tick()
    office.api.tick()
    assert steps(office, case_no) == ["opened", "overdue"]
    assert office.figures("330902002001") == {OVERDUE: 2}
    path = "metrics/areas/330902002001?from=2026-11-01&to="
    assert office.read(f"{path}2026-11-24", office.admin)["figures"][OVERDUE] == 1
    assert office.read(f"{path}2026-11-25", office.admin)["figures"][OVERDUE] == 2


def test_a_case_that_was_overdue_stops_being_so_when_it_ends_and_is_not_on_time(office: Office) -> None:
    case_no = office.delivered(promised_days=2)
    office.api.clock.pass_(days=3)
    office.api.tick()
    closed = office.must(office.clerk, "closure", case_no)
    assert (closed["overdue"], closed["on_time"]) == (False, False)
    assert office.figures() == {Metric.CASES_CLOSED: 1, **ONCE_CLOSED, Metric.CASES_CLOSED_WITHIN_LAW: 1}


def test_a_case_closed_before_the_hour_is_on_time_and_at_the_hour_it_is_over(office: Office) -> None:
    early, late = office.delivered(promised_days=2), office.delivered(promised_days=2)
    office.go_to(2026, 11, 25, 8, 59)
    assert office.must(office.clerk, "closure", early)["on_time"] is True
    office.go_to(2026, 11, 25, 9, 0)
    assert office.must(office.clerk, "closure", late)["on_time"] is False


def test_a_case_accepted_at_christmas_with_twenty_days_is_provisional_until_the_year_is_known(
    office: Office, noise: list[str]
) -> None:
    office.go_to(2026, 12, 25, 2)
    case_no = office.accepted(promised_days=20)
    before = office.case(case_no)
    assert (before["promised_due_on"], before["provisional"]) == ("2027-01-25", True)
    assert steps(office, case_no) == ["opened"]

    assert office.import_year(2027, HOLIDAYS_2027).status_code == 200
    after = office.case(case_no)
    assert (after["promised_due_on"], after["provisional"]) == ("2027-01-26", False)
    assert after["version"] == before["version"] + 1
    assert after["calendar_version"].startswith("2027r1-")
    told = office.api.sent(CaseProgressed)
    assert [(event.step, event.due_on, event.provisional) for event in told if event.case_no == case_no] == [
        ("opened", date(2027, 1, 25), True),
        ("due_changed", date(2027, 1, 26), False),
    ]
    assert audited(office, case_no, "case.due_changed")["before"]["promised"] == "2027-01-25"
    clock = office.read(f"cases/{case_no}/clock", office.agent)["promised"]
    assert (clock["due_on"], clock["provisional"]) == ("2027-01-26", False)
    assert timer_of(office, case_no) == "2027-01-26T09:00:00+00:00"


def audited(office: Office, case_no: str, action: str) -> Any:
    query = select(AuditRecord.detail).where(AuditRecord.entity_id == case_no, AuditRecord.action == action)
    return office.api.system(lambda unit: unit.session.scalars(query).one())


def timer_of(office: Office, case_no: str) -> str:
    query = select(Timer.due_at).where(Timer.entity_id == case_no)
    found: str = office.api.system(lambda unit: unit.session.scalars(query).one().isoformat())
    return found


def test_importing_the_same_year_again_tells_nobody(office: Office) -> None:
    office.go_to(2026, 12, 25, 2)
    case_no = office.accepted()
    for _ in range(2):
        assert office.import_year(2027, HOLIDAYS_2027).json()["revision"] == 1
    assert steps(office, case_no) == ["opened", "due_changed"]
    assert [event.year for event in office.api.sent(CalendarChanged)].count(2027) == len(
        CalendarChanged.subscribers
    )


def test_cases_that_a_year_does_not_touch_stay_as_they_are(office: Office) -> None:
    early, ended = office.accepted(promised_days=3, statutory_days=3), office.accepted()
    office.must(office.clerk, "withdrawal", ended, {})
    office.import_year(2027, HOLIDAYS_2027)
    assert steps(office, early) == ["opened"]
    assert steps(office, ended) == ["opened", "withdrawn"]


def test_a_later_promise_takes_the_flag_back_and_an_earlier_one_sets_it(office: Office) -> None:
    case_no = office.accepted(promised_days=2)
    office.go_to(2026, 11, 25, 10)
    office.api.tick()
    assert office.figures() == {OVERDUE: 1}
    holiday = {"day": "2026-11-24", "kind": "holiday", "name": "防台风"}
    others = [{"day": "2026-10-01", "kind": "holiday", "name": "国庆节"}]
    office.import_year(2026, [*others, holiday])
    assert (office.case(case_no)["promised_due_on"], office.case(case_no)["overdue"]) == ("2026-11-26", False)
    assert office.figures() == {}
    office.import_year(2026, others)
    office.api.tick()
    assert (office.case(case_no)["promised_due_on"], office.case(case_no)["overdue"]) == ("2026-11-25", True)
    assert office.figures() == {OVERDUE: 1}


def test_a_limit_at_the_end_of_the_calendar_is_no_failure(office: Office) -> None:
    case_no = office.accepted(accepted_on=date(9999, 12, 28), promised_days=20)
    assert office.case(case_no)["promised_due_on"] == "9999-12-31"
    assert office.read(f"cases/{case_no}/clock", office.agent)["promised"]["days"] == []
    endless = office.accepted(promised_days=2_000_000_000, statutory_days=2_000_000_000)
    assert office.case(endless)["provisional"] is True


def test_a_change_of_the_calendar_reaches_every_case_slice_by_slice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "SLICE", 2)
    office.go_to(2026, 12, 25, 2)
    numbers = [office.accepted(promised_days=20) for _ in range(5)]
    ended = office.accepted(promised_days=20)
    office.must(office.clerk, "withdrawal", ended, {})
    office.import_year(2027, HOLIDAYS_2027)
    moved = [number for number in numbers if "due_changed" in steps(office, number)]
    assert moved == numbers[:2]
    office.must(office.clerk, "withdrawal", numbers[2], {})
    office.api.quiet()
    assert [steps(office, number).count("due_changed") for number in numbers] == [1, 1, 0, 1, 1]
    assert steps(office, ended) == ["opened", "withdrawn"]
    for number in (*numbers[:2], *numbers[3:]):
        assert office.case(number)["promised_due_on"] == "2027-01-26"
        assert audited(office, number, "case.due_changed")["before"]["promised"] == "2027-01-25"


def test_a_case_that_has_ended_keeps_its_last_days_and_no_later_calendar_explains_them(
    office: Office,
) -> None:
    office.go_to(2026, 12, 31, 2)
    closed = office.closed(promised_days=2, statutory_days=2)
    untouched = office.accepted(promised_days=0, statutory_days=0, status=CaseStatus.CLOSED)
    before = office.read(f"cases/{closed}/clock", office.agent)
    assert before["promised"]["as_kept"] is False
    assert office.import_year(2027, HOLIDAYS_2027).status_code == 200
    after = office.read(f"cases/{closed}/clock", office.agent)
    for limit in ("promised", "statutory"):
        assert (after[limit]["as_kept"], after[limit]["days"]) == (True, [])
        assert after[limit]["due_on"] == before[limit]["due_on"] == office.case(closed)["promised_due_on"]
    assert after["calendar_version"] == before["calendar_version"]
    assert office.read(f"cases/{untouched}/clock", office.agent)["promised"]["as_kept"] is False
