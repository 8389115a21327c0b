"""What happens by itself, after any downtime, once and rightly dated."""

from datetime import date

from intake.window import Somebody, on
from onewindow_shared.contracts.events import CalendarChanged, CaseAccepted
from testkit.api import Api

NOTICE = {"defects": [{"material": "m1", "problem": "复印件不清晰"}], "deadline": "2026-12-04"}


def test_without_a_notice_a_case_is_accepted_since_its_receipt_however_long_the_service_was_down(
    api: Api, clerk: Somebody
) -> None:
    case = clerk.posted()
    before = len(api.sent(CaseAccepted))
    api.clock.pass_(days=14)
    while api.tick():
        pass
    deemed = clerk.case(case)
    assert (deemed["status"], deemed["accepted_on"]) == ("accepted", "2026-11-23")
    assert deemed["accepted_at"] == "2026-11-30T09:00:00Z"
    assert clerk.steps(case) == ["received", "deemed_accepted"]
    (told,) = [event for event in api.sent(CaseAccepted)[before:] if event.case_no == case["case_no"]]
    assert (told.accepted_on, told.first_contact_officer) == (on("2026-11-23").date(), "clerk.xian")
    assert api.tick() == 0


def test_a_case_waits_until_business_closes_on_the_last_day(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    api.clock.now = on("2026-11-30T16:59:59")
    api.tick()
    assert clerk.case(case)["status"] == "received"
    api.clock.now = on("2026-11-30T17:00:00")
    api.tick()
    assert clerk.case(case)["status"] == "accepted"


def test_a_notice_given_too_late_is_refused_even_before_the_timer_ran(api: Api, clerk: Somebody) -> None:
    case = clerk.posted(materials=clerk.papers())
    api.clock.pass_(days=8)
    for move, body in (("corrections", NOTICE), ("acceptance", None), ("withdrawal", {})):
        late = clerk.move(case, move, body)
        assert late.status_code == 409, late.text
    assert clerk.get(f"cases/{case['case_no']}/actions").json()["actions"] == []
    api.tick()
    assert clerk.case(case)["accepted_on"] == "2026-11-23"


def test_a_notice_in_time_stops_the_clock_of_deemed_acceptance(api: Api, clerk: Somebody) -> None:
    case = clerk.moved(clerk.posted(), "corrections", NOTICE)
    api.clock.now = on("2026-12-04T16:00:00")
    api.tick()
    assert clerk.case(case)["status"] == "correction"


def test_corrections_that_never_came_withdraw_the_application(api: Api, clerk: Somebody) -> None:
    case = clerk.moved(clerk.posted(), "corrections", NOTICE)
    api.clock.pass_(days=30)
    api.tick()
    ended = clerk.case(case)
    assert (ended["status"], ended["ended_on"]) == ("deemed_withdrawn", "2026-12-04")
    assert clerk.steps(case)[-1] == "deemed_withdrawn"


def test_whoever_corrected_in_time_does_not_lose_the_case_to_a_slow_window(api: Api, clerk: Somebody) -> None:
    case = clerk.moved(clerk.posted(materials=clerk.papers()), "corrections", NOTICE)
    corrected = clerk.moved(case, "materials", {"materials": [{"code": "m1", "received": True}]})
    api.clock.pass_(days=30)
    api.tick()
    accepted = clerk.moved(corrected, "acceptance")
    assert accepted["accepted_on"] == "2026-11-23"


def test_a_decided_case_is_not_touched_by_its_old_timer(api: Api, clerk: Somebody) -> None:
    case = clerk.posted()
    clerk.moved(case, "withdrawal", {})
    api.clock.pass_(days=30)
    api.tick()
    assert clerk.case(case)["status"] == "withdrawn"


def test_a_calendar_that_is_published_later_moves_the_time_for_notices(api: Api, clerk: Somebody) -> None:
    api.clock.now = on("2026-12-29T10:00:00")
    case = clerk.posted()
    assert clerk.case(case)["notice_due_at"] == "2027-01-06T09:00:00Z"
    days = [(date(2027, 1, 1), "holiday", "元旦"), (date(2027, 1, 2), "makeup", "元旦")]
    api.receive(CalendarChanged(year=2027, days=days), source="casework")
    moved = clerk.case(case)
    assert moved["notice_due_at"] == "2027-01-05T09:00:00Z"
    assert moved["version"] == 2
    api.clock.now = on("2027-01-05T17:00:01")
    api.tick()
    assert clerk.case(case)["status"] == "accepted"
