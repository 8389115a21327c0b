"""Supervision at work: what is late is asked after level by level, ordered from above, answered and explained."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from casework.office import HOLIDAYS_2027, Headers, Office
from casework.street import ORDER, PROMISE, Street
from casework.test_steps import Hall
from onewindow_casework.clocks import recounting
from onewindow_casework.supervision.models import Supervision, SupervisionStep
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.timers import Timer
from testkit.api import KAIYUAN
from testkit.databases import everything


@pytest.fixture
def street(office: Office) -> Street:
    return Street(office)


def test_what_nobody_answers_goes_up_level_by_level_each_on_its_day(street: Street, noise: list[str]) -> None:
    office = street.office
    case_no = office.started(promised_days=2)
    for day in range(24, 31):
        office.go_to(2026, 11, day, 9)
        office.api.quiet()
    office.go_to(2026, 12, 4, 9)
    office.api.quiet()
    assert street.rungs(case_no) == [
        ("officer", "2026-11-25", "2026-11-26", False),
        ("team", "2026-11-26", "2026-11-30", False),
        ("street", "2026-11-30", "2026-12-03", False),
        ("district", "2026-12-03", "2026-12-10", False),
    ]
    office.go_to(2027, 1, 29, 9)
    office.api.quiet()
    assert len(street.rungs(case_no)) == 4, "nobody is further up"
    assert office.read("supervisions?late=true&level=district", office.admin)["items"][-1]["case_no"]


def test_after_a_week_down_each_level_is_there_once_dated_to_its_day_and_those_never_told_are_skipped(
    street: Street,
) -> None:
    office = street.office
    case_no = office.started(promised_days=2)
    office.go_to(2026, 12, 2, 2)
    office.api.quiet()
    office.api.quiet()
    assert street.rungs(case_no) == [
        ("officer", "2026-11-25", "2026-11-26", True),
        ("team", "2026-11-26", "2026-11-30", True),
        ("street", "2026-11-30", "2026-12-03", False),
    ]
    case = office.case(case_no)
    assert (case["delay"]["promised_on"], case["delay"]["reason_by"]) == ("2026-11-25", "2026-11-26")
    told = next(event for event in office.api.sent(CaseProgressed) if event.step == "overdue")
    assert told.at.isoformat() == "2026-11-25T09:00:00+00:00", "dated to the hour, not to the sweep"
    entry = office.read(f"cases/{case_no}/timeline", office.agent)["items"][-1]
    assert (entry["step"], entry["at"]) == ("overdue", "2026-11-25T09:00:00Z")


def test_an_answer_holds_until_its_day_and_what_it_promised_then_goes_up(street: Street) -> None:
    office = street.office
    case_no = office.started(promised_days=2)
    office.go_to(2026, 11, 25, 10)
    office.api.quiet()
    one = street.of(case_no)[0]
    assert street.actions(office.agent, case_no) == [
        "delay-reason",
        f"supervisions/{one['supervision_id']}/answer",
    ]
    for wrong in ("2026-11-24", "2026-12-24"):
        refused = street.do(office.agent, case_no, one, "answer", PROMISE | {"done_by": wrong})
        assert refused.status_code == 422
    answered = street.must(office.agent, case_no, one, "answer", PROMISE | {"done_by": "2026-11-27"})
    assert (answered["state"], answered["awaited_by"], answered["late"]) == ("answered", "2026-11-27", False)
    assert street.do(office.agent, case_no, one, "answer", PROMISE).status_code == 412
    assert street.do(office.agent, case_no, answered, "answer", PROMISE).status_code == 409
    assert street.do(street.street, case_no, answered, "closure", {}).status_code == 409, (
        "it ends by its reason"
    )
    office.go_to(2026, 11, 27, 9)
    office.api.quiet()
    assert street.rungs(case_no)[-1] == ("team", "2026-11-27", "2026-12-01", False)
    assert [entry["what"] for entry in street.of(case_no)[0]["entries"]] == ["asked", "answer", "lapse"]
    second = street.must(office.manager, case_no, street.of(case_no)[0], "answer", PROMISE)
    assert second["awaited_by"] == "2026-12-04", "as long as an answer may hold"


def test_it_ends_with_its_reason_and_not_before(street: Street) -> None:
    office = street.office
    closing, extended = office.delivered(promised_days=1), office.delivered(promised_days=1)
    office.go_to(2026, 11, 24, 9)
    office.api.quiet()
    order = street.order(street.street, closing).json()
    office.must(office.clerk, "closure", closing)
    assert {one["state"] for one in street.of(closing)} == {"closed"}
    assert street.of(closing)[0]["entries"][-1]["what"] == "end"
    assert street.do(office.agent, closing, order, "answer", PROMISE).status_code == 412
    assert street.order(street.street, closing).status_code == 409
    assert street.of(extended)[0]["state"] == "asked"
    assert street.actions(street.street, closing) == []


def test_a_day_that_moves_takes_back_what_was_asked_because_of_it(street: Street) -> None:
    office = street.office
    office.go_to(2026, 12, 31, 2)
    case_no = office.started(promised_days=1)
    office.go_to(2027, 1, 5, 2)
    office.api.quiet()
    assert street.of(case_no)[0]["state"] == "asked"
    office.import_year(2027, HOLIDAYS_2027)
    assert (street.of(case_no)[0]["state"], office.case(case_no)["delay"]) == ("closed", None)
    office.go_to(2027, 1, 8, 9)
    office.api.quiet()
    assert street.rungs(case_no)[0][:2] == ("officer", office.case(case_no)["promised_due_on"])


def test_days_of_answers_follow_the_calendar(street: Street) -> None:
    office = street.office
    case_no = office.started()
    office.go_to(2026, 12, 31, 2)
    assert street.order(street.street, case_no).json()["awaited_by"] == "2027-01-06"
    office.import_year(2027, HOLIDAYS_2027)
    assert street.of(case_no)[0]["awaited_by"] == "2027-01-08"


def test_the_days_of_answers_follow_the_calendar_slice_by_slice(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = street.office
    monkeypatch.setattr(recounting, "SLICE", 2)
    numbers = [office.started() for _ in range(5)]
    office.go_to(2026, 12, 31, 2)
    for case_no in numbers:
        assert street.order(street.street, case_no).json()["awaited_by"] == "2027-01-06"
    office.import_year(2027, HOLIDAYS_2027)
    days = [street.of(case_no)[0]["awaited_by"] for case_no in numbers]
    assert days == ["2027-01-08"] * 2 + ["2027-01-06"] * 3
    office.api.quiet()
    assert {street.of(case_no)[0]["awaited_by"] for case_no in numbers} == {"2027-01-08"}


def test_a_step_is_asked_after_by_its_own_limit_until_it_is_done(office: Office) -> None:
    hall, street = Hall(office), Street(office)
    office.go_to(2026, 11, 26, 10)
    office.api.quiet()
    found = {one["step"]: one for one in street.of(hall.case_no)}
    assert {number: (one["since"], one["level"]) for number, one in found.items()} == {
        1: ("2026-11-26", "officer"),
        2: ("2026-11-26", "officer"),
    }
    hall.must(office.officer, "steps/2/completion", {"result": "一致"})
    states = {one["step"]: one["state"] for one in street.of(hall.case_no)}
    assert states == {1: "asked", 2: "closed"}
    assert office.case(hall.case_no)["delay"] is None, "a step's limit is no promise to the applicant"


def test_a_pause_moves_the_limit_of_a_step_and_what_is_asked_because_of_it(office: Office) -> None:
    hall, street = Hall(office), Street(office)
    notice = {"method": "pick_up", "proof": "签收"}
    hearing = {"procedure": "hearing", "days": 10, "reason": "听证", "notice": notice}
    hall.must(office.agent, "suspension", hearing)
    office.go_to(2026, 11, 30, 10)
    office.api.quiet()
    assert street.of(hall.case_no) == []
    office.go_to(2026, 12, 10, 10)
    office.api.quiet()
    assert {one["since"] for one in street.of(hall.case_no)} == {"2026-12-10"}


def test_orders_come_from_above_are_answered_asked_again_and_closed(street: Street) -> None:
    office = street.office
    case_no = office.started(applicant_subject="r-1")
    assert street.order(office.manager, case_no).status_code == 403, (
        "a community urges, it does not supervise"
    )
    assert street.order(office.agent, case_no).status_code == 403
    assert street.order(street.elsewhere, case_no).status_code == 404
    assert (
        street.order(office.manager, case_no, ORDER | {"kind": "urge"}).json()["awaited_by"] == "2026-11-25"
    )
    first = street.order(street.street, case_no, key="supervision-order-once")
    again = street.order(street.street, case_no, key="supervision-order-once")
    assert (first.status_code, first.json(), again.json()) == (201, again.json(), first.json())
    assert street.order(street.street, case_no).json()["title"] == "Ordered already"
    assert street.order(office.admin, case_no, ORDER | {"reply_days": 21}).status_code == 422
    one = first.json()
    assert (one["level"], one["state"], one["awaited_by"]) == ("street", "asked", "2026-11-26")
    assert street.actions(office.agent, case_no) == [
        *(f"supervisions/{row['supervision_id']}/answer" for row in reversed(street.of(case_no)))
    ]
    assert street.do(street.street, case_no, one, "answer", PROMISE).status_code == 403
    one = street.must(office.agent, case_no, one, "answer", PROMISE)
    assert street.actions(street.street, case_no)[-2:] == [
        *(f"supervisions/{one['supervision_id']}/{act}" for act in ("second-order", "closure"))
    ]
    assert street.do(office.manager, case_no, one, "closure", {}).status_code == 403
    one = street.must(street.street, case_no, one, "second-order", {"text": "仍未说明", "reply_days": 1})
    assert (one["state"], one["awaited_by"]) == ("asked", "2026-11-24")
    office.go_to(2026, 11, 24, 9)
    office.api.quiet()
    raised = next(row for row in street.of(case_no) if row["supervision_id"] == one["supervision_id"])
    assert (raised["level"], raised["awaited_by"]) == ("district", "2026-12-01")
    one = street.must(office.agent, case_no, raised, "answer", PROMISE)
    one = street.must(office.admin, case_no, one, "closure", {"remark": "已办"})
    whats = ["asked", "answer", "second-order", "raise", "answer", "closure"]
    assert [entry["what"] for entry in one["entries"]] == whats
    assert office.get(f"cases/{case_no}/supervisions", office.resident).status_code == 403
    assert "supervis" not in str(office.read(f"cases/{case_no}", office.resident))


def test_nobody_supervises_their_own_case(street: Street) -> None:
    mine = street.office.started(applicant_subject="boss")
    boss = street.office.api.people.headers(Role.STREET_SUPERVISOR, "330902002", subject="boss")
    assert street.order(boss, mine).status_code == 403
    assert street.actions(boss, mine) == []


def test_lists_are_scoped_paged_and_filtered(street: Street, noise: list[str]) -> None:
    office = street.office
    mine = office.started(promised_days=1)
    there = office.accepted(community=KAIYUAN, promised_days=1)
    order = street.order(street.street, mine).json()
    office.go_to(2026, 11, 24, 10)
    office.api.quiet()

    def found(query: str, who: Headers) -> list[str]:
        return [row["case_no"] for row in office.read(f"supervisions?{query}", who)["items"]]

    assert found("", street.elsewhere) == []
    assert found("kind=supervise", street.street) == [mine]
    assert {mine, there} <= set(found("", street.street))
    assert found("mine=true&kind=overdue", office.agent) == [mine]
    assert there in found(
        "mine=true", office.api.people.headers(Role.WINDOW_CLERK, KAIYUAN, subject="clerk.xian")
    )
    assert office.read("queue", office.agent)["asked"] == 2
    assert office.read("queue", street.street)["asked"] == 1
    for who, asked in ((office.agent, 2), (street.street, 1)):
        assert len(office.read("supervisions?mine=true&state=asked", who)["items"]) == asked
    office.go_to(2026, 11, 25, 10)
    assert mine in found("late=true&level=officer", street.street)
    assert order["supervision_id"] not in {
        row["supervision_id"] for row in office.read("supervisions?late=true", street.street)["items"]
    }
    page = office.read("supervisions?limit=1", street.street)
    rest = office.read(f"supervisions?limit=200&cursor={page['next']}", street.street)
    assert [*page["items"], *rest["items"]] == office.read("supervisions?limit=200", street.street)["items"]


def test_the_first_person_asked_follows_a_case_until_somebody_takes_it_over(street: Street) -> None:
    office = street.office
    clerk = office.api.people.headers(Role.WINDOW_CLERK, "330902002001", subject="clerk.xian")
    case_no = office.accepted(promised_days=1)
    assert office.read("cases?followed=true", clerk)["items"][0]["case_no"] == case_no
    office.must(office.manager, "assignments", case_no, {"officer": "agent.xian"})
    office.go_to(2026, 11, 24, 10)
    office.api.quiet()
    assert office.case(case_no)["first_contact_released_at"] is None, "being given a case is no acceptance"
    queue = office.read("queue", clerk)
    assert (queue["followed"], queue["asked"]) == (1, 1), "and is told of what time asks"
    office.must(office.agent, "start", case_no)
    queue = office.read("queue", clerk)
    assert (queue["followed"], queue["asked"]) == (0, 0)
    case = office.case(case_no)
    assert (case["first_contact_officer"], bool(case["first_contact_released_at"])) == ("clerk.xian", True)
    claimed = office.accepted()
    office.must(office.agent, "claim", claimed)
    assert office.read("cases?followed=true", clerk)["items"] == []


def test_words_lie_sealed_and_neither_audit_nor_events_hold_them(street: Street) -> None:
    office = street.office
    case_no = office.started(promised_days=1)
    order = street.order(street.street, case_no).json()
    street.must(office.agent, case_no, order, "answer", {"text": "王桂芳本人已补交"})
    office.go_to(2026, 11, 24, 9)
    office.api.quiet()
    office.must(office.agent, "delay-reason", case_no, {"kind": "other", "words": "王桂芳住院"})
    rows = everything(office.api.runtime.settings.database_url.get_secret_value())
    for words in ("王桂芳家属", "王桂芳本人", "王桂芳住院"):
        assert words not in rows
    audited = office.api.system(
        lambda unit: set(
            unit.session.scalars(select(AuditRecord.action).where(AuditRecord.entity_id == case_no))
        )
    )
    assert {"supervision.asked", "supervision.answer", "case.delay_explained", "case.overdue"} <= audited


@settings(max_examples=8)
@given(ups=st.lists(st.integers(0, 30), min_size=1, max_size=5).map(sorted))
def test_timers_after_any_downtime_happen_once_and_are_dated_as_if_there_were_none(
    office: Office, ups: list[int]
) -> None:
    """Each sweep is a day on which the service is up for a while; it is down in between."""
    start = date(2026, 11, 23)
    office.go_to(start.year, start.month, start.day, 1, 30)
    street = Street(office)
    case_no = office.started(promised_days=2)
    for up in ups:
        day = start + timedelta(days=up)
        office.go_to(day.year, day.month, day.day, 10)
        office.api.quiet()
        office.api.quiet()
    calm = [("officer", 2, 3), ("team", 3, 7), ("street", 7, 10), ("district", 10, 17)]
    days = [(level, start + timedelta(days=on), start + timedelta(days=by)) for level, on, by in calm]
    expected = [
        (level, on.isoformat(), by.isoformat())
        for level, on, by in days
        if on <= start + timedelta(days=ups[-1])
    ]
    found = street.of(case_no)
    assert len(found) == bool(expected)
    assert [rung[:3] for rung in (street.rungs(case_no) if found else [])] == expected

    def counted(unit: Any) -> tuple[int, int]:
        of_case = select(Supervision.id).where(Supervision.id == found[0]["supervision_id"])
        steps = (
            select(func.count())
            .select_from(SupervisionStep)
            .where(SupervisionStep.supervision_id.in_(of_case))
        )
        timers = (
            select(func.count()).select_from(Timer).where(Timer.entity_id == str(found[0]["supervision_id"]))
        )
        return unit.session.scalar(steps), unit.session.scalar(timers)

    if found:
        steps, timers = office.api.system(counted)
        assert (steps, timers) == (len(expected), int(expected[-1][0] != "district"))
