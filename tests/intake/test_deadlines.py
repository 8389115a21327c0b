"""What happens by itself, after any downtime, once and rightly dated."""

from datetime import date
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest

from intake.window import ITEM, Somebody, on, shipped, somebody, wrong_fields
from onewindow_intake import recounting
from onewindow_intake.cases.deadlines import correction_is_due, notice_is_due
from onewindow_intake.cases.queries import counting_since
from onewindow_intake.seed import load
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import CalendarChanged, CaseAccepted
from testkit.api import XIAN, Api

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
    api.quiet()
    moved = clerk.case(case)
    assert moved["notice_due_at"] == "2027-01-05T09:00:00Z"
    assert moved["version"] == 2
    api.clock.now = on("2027-01-05T17:00:01")
    api.tick()
    assert clerk.case(case)["status"] == "accepted"


def test_a_calendar_that_is_published_later_moves_the_time_for_an_answer_too(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    api.clock.now = on("2026-12-30T10:00:00")
    over = resident.posted(channel="web", serial=2)
    api.clock.now = on("2026-12-31T10:00:00")
    case = resident.posted(channel="web")
    assert clerk.case(case)["answer_due_at"] == "2027-01-04T09:00:00Z"
    api.clock.now = on("2026-12-31T17:00:01")
    days = [(date(2027, 1, 1), "holiday", "元旦"), (date(2027, 1, 2), "makeup", "元旦")]
    api.receive(CalendarChanged(year=2027, days=days), source="casework")
    api.quiet()
    assert clerk.case(case)["answer_due_at"] == "2027-01-02T09:00:00Z"
    assert clerk.case(over)["answer_due_at"] == "2026-12-31T09:00:00Z"


def test_a_deadline_that_turns_out_to_be_a_day_off_ends_later_and_never_sooner(
    api: Api, clerk: Somebody
) -> None:
    api.clock.now = on("2026-12-29T10:00:00")
    put_off, told = (
        clerk.moved(clerk.posted(serial=serial), "corrections", {**NOTICE, "deadline": deadline})
        for serial, deadline in ((1, "2027-01-08"), (2, "2027-01-09"))
    )
    assert told["correction_due_at"] == "2027-01-11T09:00:00Z"
    days = [(date(2027, 1, 8), "holiday", "调休"), (date(2027, 1, 9), "makeup", "调休")]
    api.receive(CalendarChanged(year=2027, days=days), source="casework")
    api.quiet()
    assert clerk.case(put_off)["correction_due_at"] == "2027-01-09T09:00:00Z"
    assert clerk.steps(put_off)[-1] == "deadline_moved"
    assert clerk.case(told)["correction_due_at"] == "2027-01-11T09:00:00Z"
    api.clock.now = on("2027-01-09T16:59:00")
    api.tick()
    assert clerk.case(put_off)["status"] == "correction"
    api.clock.now = on("2027-01-09T17:00:01")
    api.tick()
    assert clerk.case(put_off)["status"] == "deemed_withdrawn"


def test_a_case_drafted_by_the_old_calendar_and_written_after_the_new_one_is_counted_again(
    api: Api, clerk: Somebody
) -> None:
    """The copy of reference data that a process holds is up to a second old."""
    api.clock.now = on("2026-12-29T10:00:00")
    clerk.posted()
    reference = api.app.state.reference
    old = reference._held[date(2026, 12, 29)].snapshot
    days = [(date(2027, 1, 1), "holiday", "元旦"), (date(2027, 1, 2), "makeup", "元旦")]
    api.receive(CalendarChanged(year=2027, days=days), source="casework")
    with mock.patch.object(reference, "on", mock.AsyncMock(return_value=old)):
        case = clerk.posted()
    assert case["notice_due_at"] == "2027-01-06T09:00:00Z"
    api.clock.pass_(minutes=5)
    api.quiet()
    assert clerk.case(case)["notice_due_at"] == "2027-01-05T09:00:00Z"


NEW_YEAR = [(date(2027, 1, 1), "holiday", "元旦"), (date(2027, 1, 4), "holiday", "调休")]


def test_a_changed_calendar_is_counted_in_slices_and_each_case_is_told_once(
    api: Api, clerk: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.quiet()
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    api.clock.now = on("2026-12-29T10:00:00")
    cases = [clerk.posted(serial=serial) for serial in range(1, 6)]
    api.receive(CalendarChanged(year=2027, days=NEW_YEAR), source="casework")
    assert [clerk.case(case)["version"] for case in cases] == [1] * 5
    counted = []
    while api.system(lambda unit: counting_since(unit.session)):
        api.tick()
        counted.append(sum(clerk.case(case)["version"] == 2 for case in cases))
    assert counted[-1] == 5
    assert len(counted) > 3
    assert all(after - before <= 2 for before, after in pairwise([0, *counted]))
    api.clock.pass_(minutes=6)
    api.quiet()
    api.receive(CalendarChanged(year=2027, days=NEW_YEAR), source="casework")
    api.quiet()
    assert [clerk.steps(case) for case in cases] == [["received", "notice_moved"]] * 5
    assert {clerk.case(case)["notice_due_at"] for case in cases} == {"2027-01-07T09:00:00Z"}


def test_a_case_whose_time_runs_out_before_its_slice_is_counted_first(api: Api, clerk: Somebody) -> None:
    """No case counts as accepted by a calendar that was changed before its time was over."""
    api.quiet()
    api.clock.now = on("2026-12-29T10:00:00")
    case = clerk.posted()
    over = clerk.posted(serial=2, received_at="2026-12-28T10:00:00+08:00")
    api.clock.now = on("2027-01-05T17:00:01")
    days = [*NEW_YEAR, (date(2027, 1, 5), "holiday", "调休")]
    api.receive(CalendarChanged(year=2027, days=days), source="casework")
    api.clock.now = on("2027-01-06T17:00:01")
    api.system(lambda unit: notice_is_due(unit, case["case_no"], unit.now))
    assert clerk.case(case)["status"] == "received"
    assert clerk.case(case)["notice_due_at"] > "2027-01-06"
    api.system(lambda unit: notice_is_due(unit, over["case_no"], unit.now))
    assert clerk.case(over)["accepted_at"] == "2027-01-05T09:00:00Z", "when it was over, whenever it is seen"


def test_corrections_whose_day_was_moved_before_the_timer_ran_end_with_the_moved_day(
    api: Api, clerk: Somebody
) -> None:
    api.quiet()
    case = clerk.moved(clerk.posted(), "corrections", NOTICE)
    api.receive(CalendarChanged(year=2026, days=[(date(2026, 12, 4), "holiday", "调休")]), source="casework")
    api.clock.now = on("2026-12-07T17:00:01")
    told_at = on("2026-12-04T17:00:00")
    api.system(lambda unit: correction_is_due(unit, case["case_no"], told_at))
    ended = clerk.case(case)
    assert (ended["status"], ended["ended_on"]) == ("deemed_withdrawn", "2026-12-07")


M1 = {"materials": [{"code": "m1", "received": True}]}
NO_M1 = {"materials": [{"code": "m1", "received": False}]}


def test_a_case_that_is_incomplete_again_after_its_deadline_is_withdrawn_not_stuck(
    api: Api, clerk: Somebody
) -> None:
    case = clerk.moved(clerk.posted(materials=clerk.papers()), "corrections", NOTICE)
    case = clerk.moved(case, "materials", M1)
    api.clock.pass_(days=30)
    api.tick()
    clerk.moved(case, "materials", NO_M1)
    api.clock.pass_(days=365)
    api.tick()
    ended = clerk.case(case)
    assert (ended["status"], ended["ended_on"]) == ("deemed_withdrawn", "2026-12-23")
    told = clerk.get(f"cases/{case['case_no']}/issued-documents/deemed_withdrawal").json()
    assert told["due_at"] == "2026-12-04T09:00:00Z", "the deadline of the notice, not the day of the finding"


def test_the_notice_of_a_missed_deadline_names_only_what_did_not_come(api: Api, clerk: Somebody) -> None:
    both = [{"material": material, "problem": "复印件不清晰"} for material in ("m1", "m2")]
    case = clerk.moved(clerk.posted(materials=clerk.papers()), "corrections", {**NOTICE, "defects": both})
    clerk.moved(case, "materials", M1)
    api.clock.pass_(days=30)
    api.tick()
    told = clerk.get(f"cases/{case['case_no']}/issued-documents/deemed_withdrawal").json()
    names = {paper["code"]: paper["name"] for paper in clerk.get(f"items/{ITEM}").json()["materials"]}
    assert told["missing"] == [names["m2"]]


def waiting(clerk: Somebody, resident: Somebody) -> dict[str, Any]:
    """A resident's case whose papers the window has seen, but for one that has to come again."""
    case = resident.posted(channel="web", materials=clerk.papers())
    seen = clerk.moved(case, "materials", {"materials": clerk.papers()})
    return clerk.moved(seen, "corrections", NOTICE)


def test_what_residents_declare_in_time_waits_for_the_window_and_counts_since_then_once_confirmed(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    case = waiting(clerk, resident)
    api.clock.pass_(days=2)
    declared = resident.moved(case, "materials", M1)
    api.clock.pass_(days=30)
    api.tick()
    assert clerk.case(case)["status"] == "correction"
    assert wrong_fields(clerk.move(declared, "acceptance")) == {"materials.m1"}
    confirmed = clerk.moved(declared, "materials", M1)
    assert clerk.moved(confirmed, "acceptance")["accepted_on"] == "2026-11-25"


def test_what_the_window_finds_otherwise_than_declared_counts_since_it_was_seen(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    copy = {"materials": [{"code": "m1", "received": True, "copies": 1}]}
    original = {"materials": [{"code": "m1", "received": True, "originals": 1}]}
    declared = resident.moved(waiting(clerk, resident), "materials", copy)
    api.clock.pass_(days=2)
    seen = clerk.moved(declared, "materials", original)
    assert clerk.moved(seen, "acceptance")["accepted_on"] == "2026-11-25"


def test_a_declaration_that_the_window_finds_empty_does_not_keep_a_case_alive(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    declared = resident.moved(waiting(clerk, resident), "materials", M1)
    clerk.moved(declared, "materials", NO_M1)
    api.clock.pass_(days=30)
    api.tick()
    ended = clerk.case(declared)
    assert (ended["status"], ended["ended_on"]) == ("deemed_withdrawn", "2026-12-04")


def test_nobody_attests_their_own_papers(api: Api, clerk: Somebody, resident: Somebody) -> None:
    agent = somebody(api, Role.AGENT_OFFICER, XIAN)
    for applicant, channel in ((resident, "web"), (agent, "home_visit")):
        case = applicant.posted(channel=channel, materials=clerk.papers())
        again = applicant.moved(case, "materials", M1)
        paper = next(paper for paper in again["materials"] if paper["code"] == "m1")
        assert (paper["received"], paper["declared"], paper["received_at"]) == (False, True, None)
        assert "materials.m1" in wrong_fields(clerk.move(again, "acceptance"))


def test_what_the_window_has_seen_is_not_undone_by_the_applicant(clerk: Somebody, resident: Somebody) -> None:
    case = resident.posted(channel="web", materials=clerk.papers())
    seen = clerk.moved(case, "materials", {"materials": clerk.papers()})
    said = resident.moved(seen, "materials", NO_M1)
    assert clerk.moved(said, "acceptance")["status"] == "accepted"


def test_a_paper_that_nobody_needs_does_not_move_the_day_of_full_submission(
    api: Api, clerk: Somebody, resident: Somebody
) -> None:
    item = shipped()[ITEM]
    extra = item.materials[0].model_copy(update={"code": "m99", "required": False})
    api.system(load, [item.model_copy(update={"materials": [*item.materials, extra]})])
    case = waiting(clerk, resident)
    resident.moved(resident.case(case), "materials", M1)
    api.clock.pass_(days=3)
    both = [{"code": code, "received": True} for code in ("m1", "m99")]
    seen = clerk.moved(clerk.case(case), "materials", {"materials": both})
    assert clerk.moved(seen, "acceptance")["accepted_on"] == "2026-11-23"
