"""A case on its way from acceptance to its end, as its people see it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from casework.office import CLOSED_IN_TIME, DEPARTMENT, Office, furnished, open_office
from conftest import FreshDatabase
from onewindow_casework.reviews.inviting import REMIND
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.events import CaseProgressed, OriginalsKept
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.outbox import OutboxRecord
from onewindow_shared.plumbing.timers import Timer
from testkit.api import KAIYUAN, XIAN, environment
from testkit.databases import everything


def test_an_accepted_case_gets_a_file_with_two_clocks(office: Office, noise: list[str]) -> None:
    case = office.case(office.accepted())
    assert (case["status"], case["version"], case["handler"]) == ("accepted", 1, None)
    assert (case["promised_due_on"], case["statutory_due_on"]) == ("2026-12-21", "2027-01-05")
    assert (case["provisional"], case["statutory_provisional"]) == (False, True)
    assert case["applicant"] == "王*芳"


def test_a_case_goes_from_its_agent_to_its_department_to_the_window(office: Office, noise: list[str]) -> None:
    case_no = office.accepted()
    assert office.must(office.agent, "claim", case_no)["handler"]["subject"] == "agent.xian"
    assert office.must(office.agent, "start", case_no)["status"] == "handling"
    decided = office.must(office.officer, "decision", case_no, {"outcome": "grant"})
    assert decided["decision"]["outcome"] == "grant"
    delivery = {
        "method": "post",
        "carrier": "EMS",
        "tracking_no": "1234567890123",
        "receiver": "王小明",
    }
    assert office.must(office.clerk, "delivery", case_no, delivery)["delivery"]["receiver"] == "王*明"
    closed = office.must(office.clerk, "closure", case_no)
    assert (closed["status"], closed["on_time"]) == ("closed", True)
    told = [event for event in office.api.sent(CaseProgressed) if event.case_no == case_no]
    steps = ["opened", "assigned", "started", "decided", "delivered", "closed"]
    assert [event.step for event in told] == steps
    assert [event.version for event in told] == [1, 2, 3, 4, 5, 6]
    assert [event.status for event in told][-1] is CaseStatus.CLOSED
    timeline = office.read(f"cases/{case_no}/timeline", office.clerk)["items"]
    assert [entry["step"] for entry in timeline] == steps
    assert office.figures() == CLOSED_IN_TIME


def test_a_case_is_closed_once_the_originals_went_back(office: Office) -> None:
    case_no = office.delivered(originals_held=2)
    assert office.do(office.clerk, "closure", case_no).json()["title"] == "Originals not returned"
    assert "closure" not in office.read(f"cases/{case_no}/actions", office.clerk)["actions"]
    office.api.receive(OriginalsKept(case_no=case_no, held=1), source="intake")
    assert office.do(office.clerk, "closure", case_no).status_code == 409
    office.api.receive(OriginalsKept(case_no=case_no, held=0), source="intake")
    assert office.must(office.clerk, "closure", case_no)["status"] == "closed"


def test_a_refusal_needs_reasons_and_remedies_and_ends_as_refused(office: Office) -> None:
    case_no = office.started()
    lacking = office.do(office.officer, "decision", case_no, {"outcome": "refuse"})
    assert lacking.status_code == 422
    assert [error["loc"] for error in lacking.json()["errors"]] == [["body", "reasons"], ["body", "remedies"]]
    body = {"outcome": "refuse", "reasons": "收入超过标准", "remedies": "六十日内可申请复议"}
    office.must(office.officer, "decision", case_no, body)
    office.must(office.clerk, "delivery", case_no, {"method": "electronic", "proof": "回执"})
    assert office.must(office.clerk, "closure", case_no)["status"] == "refused"
    assert office.figures()[Metric.CASES_CLOSED] == 1


def test_of_two_who_decide_the_same_case_one_wins_and_the_other_sees_how_it_stands(office: Office) -> None:
    case_no = office.started()
    seen = office.case(case_no)["version"]
    first = office.do(office.officer, "decision", case_no, {"outcome": "grant"}, seen=seen)
    refusal = {"outcome": "refuse", "reasons": "不符合", "remedies": "复议"}
    second = office.do(office.colleague, "decision", case_no, refusal, seen=seen)
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current"]["decision"]["outcome"] == Outcome.GRANT
    assert first.headers["etag"] == f'"{second.json()["current"]["version"]}"'


def test_a_step_without_if_match_is_refused(office: Office) -> None:
    case_no = office.accepted()
    response = office.api.client.post(f"/api/casework/v1/cases/{case_no}/claim", headers=office.agent)
    assert response.status_code == 428


def test_a_claimed_case_is_not_claimed_again_but_may_be_assigned_anew(office: Office) -> None:
    case_no = office.accepted()
    office.must(office.agent, "claim", case_no)
    assert office.do(office.officer, "claim", case_no).json()["type"].endswith("already-assigned")
    handler = office.must(office.manager, "assignments", case_no, {"officer": "agent.two"})["handler"]
    assert handler == {"subject": "agent.two", "name": "代办员二"}, "the name is that of the account"
    assert office.do(office.agent, "start", case_no).status_code == 403


def test_a_decided_case_is_not_given_to_anybody_any_more(office: Office) -> None:
    case_no = office.decided()
    response = office.do(office.manager, "assignments", case_no, {"officer": "agent.two"})
    assert response.status_code == 409
    assert response.json()["state"] == "decided"


def test_the_officer_in_charge_does_not_decide(office: Office) -> None:
    case_no = office.accepted()
    office.must(office.officer, "claim", case_no)
    office.must(office.officer, "start", case_no)
    own = office.do(office.officer, "decision", case_no, {"outcome": "grant"})
    assert (own.status_code, own.json()["title"]) == (403, "For somebody else to do")
    assert office.must(office.colleague, "decision", case_no, {"outcome": "grant"})["status"] == "decided"


def test_an_officer_without_the_department_does_not_decide(office: Office) -> None:
    everywhere = office.api.people.headers(Role.DEPARTMENT_OFFICER, "330902", subject="nowhere")
    response = office.do(everywhere, "decision", office.started(), {"outcome": "grant"})
    assert response.status_code == 404


def test_what_can_be_done_is_said_to_each_by_their_part(office: Office) -> None:
    case_no = office.accepted(applicant_subject="r-1")

    def offered(who: dict[str, str]) -> list[str]:
        found: list[str] = office.read(f"cases/{case_no}/actions", who)["actions"]
        return found

    assert offered(office.agent) == ["claim", "withdrawal", "agency"]
    assert offered(office.manager) == ["assignments", "supervisions"]
    assert offered(office.resident) == ["withdrawal", "agency"]
    office.must(office.agent, "claim", case_no)
    assert offered(office.agent) == ["handoffs", "start", "withdrawal", "agency"]
    assert offered(office.officer) == []
    office.must(office.agent, "start", case_no)
    assert offered(office.officer) == ["decision"]
    refusal = {"outcome": "refuse", "reasons": "不符合", "remedies": "复议"}
    office.must(office.officer, "decision", case_no, refusal)
    assert offered(office.clerk) == ["delivery", "delivery-tries", "agency"]
    office.must(office.clerk, "delivery", case_no, {"method": "pick_up", "proof": "签收"})
    assert offered(office.clerk) == ["closure", "agency", "review"]
    office.must(office.clerk, "closure", case_no)
    assert offered(office.clerk) == offered(office.resident) == ["review"]
    office.go_to(2026, 12, 1, 2)
    assert offered(office.clerk) == offered(office.resident) == []


def test_the_queue_counts_what_waits_within_ones_reach(office: Office, noise: list[str]) -> None:
    office.started()
    office.closed()
    office.accepted(status=CaseStatus.TOLERANT_ACCEPTED)
    queue = {"mine": 1, "team": 4, "offered": 0, "unassigned": 3, "due_today": 0, "overdue": 0, "due_soon": 1}
    queue |= {"followed": 0, "asked": 0}
    assert office.read("queue", office.agent) == queue | {"waiting_for_resident": 1, "most": 1000}
    street = office.api.people.headers(Role.STREET_SUPERVISOR, "330902002")
    assert [office.read("queue", who)["unassigned"] for who in (street, office.admin, office.officer)] == [
        4,
        5,
        4,
    ]
    office.go_to(2026, 11, 24, 2)
    assert office.read("queue", office.agent)["due_today"] == 1
    office.go_to(2026, 11, 24, 12)
    office.api.tick()
    assert office.read("queue", office.agent)["overdue"] == 1
    assert set(office.read("queue", office.resident).values()) == {0, 1000}


def numbers(page: Any) -> list[str]:
    return [row["case_no"] for row in page["items"]]


def test_lists_run_by_promised_day_or_newest_first_page_by_page(office: Office) -> None:
    late, soon, middle = (office.accepted(promised_days=days) for days in (9, 3, 5))
    first = office.read("cases?limit=2", office.clerk)
    assert numbers(first) == [soon, middle]
    assert numbers(office.read(f"cases?limit=2&cursor={first['next']}", office.clerk)) == [late]
    assert numbers(office.read("cases?order=newest", office.clerk)) == [middle, soon, late]
    other_list = office.get(f"cases?limit=2&order=newest&cursor={first['next']}", office.clerk)
    assert other_list.status_code == 422


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("status=handling", {"mine"}),
        ("assignee=me", {"mine", "done"}),
        ("assignee=agent.xian&open=true", {"mine"}),
        ("unassigned=true", {"health", "urgent", "fresh"}),
        ("open=false", {"done"}),
        ("department=health", {"health"}),
        ("overdue=true", {"urgent"}),
        ("overdue=false&open=true", {"mine", "health", "fresh"}),
        ("due_before=2026-11-25", {"urgent"}),
        (f"community={KAIYUAN}", set()),
        (f"community={XIAN}", {"mine", "done", "health", "urgent", "fresh"}),
    ],
)
def test_lists_are_filtered(office: Office, filters: str, expected: set[str]) -> None:
    known = {
        office.started(): "mine",
        office.closed(): "done",
        office.accepted(department="health"): "health",
        office.accepted(promised_days=1): "urgent",
        office.accepted(): "fresh",
    }
    office.accepted(community=KAIYUAN)
    office.go_to(2026, 11, 24, 12)
    office.api.tick()
    found = {known[number] for number in numbers(office.read(f"cases?{filters}", office.agent))}
    assert found == expected


@pytest.mark.parametrize(
    "query", ["status=lost", "department=%00", "assignee=%00", "due_before=9999-99-99", "limit=201"]
)
def test_a_filter_that_cannot_be_is_named(office: Office, query: str) -> None:
    response = office.get(f"cases?{query}", office.clerk)
    assert response.status_code == 422
    assert response.json()["errors"][0]["loc"] == ["query", query.partition("=")[0]]


def test_an_unchanged_case_is_not_sent_again(office: Office) -> None:
    case_no = office.accepted()
    tag = office.get(f"cases/{case_no}", office.clerk).headers["etag"]
    assert office.get(f"cases/{case_no}", office.clerk, If_None_Match=tag).status_code == 304
    office.must(office.agent, "claim", case_no)
    assert office.get(f"cases/{case_no}", office.clerk, If_None_Match=tag).status_code == 200


def test_an_event_that_comes_twice_opens_one_file(office: Office) -> None:
    event = office.event()
    office.api.receive(event, event)
    office.must(office.agent, "claim", event.case_no)
    office.api.receive(event)
    assert office.case(event.case_no)["handler"] is not None
    assert [told.step for told in office.api.sent(CaseProgressed)] == ["opened", "assigned"]


def test_cases_whose_events_come_in_any_order_are_all_there(office: Office) -> None:
    events = [office.event(community=community) for community in (XIAN, KAIYUAN) for _ in range(3)]
    office.api.receive(*reversed(events))
    assert sorted(numbers(office.read("cases", office.admin))) == sorted(event.case_no for event in events)


def test_a_tolerantly_accepted_case_is_kept_as_it_is_and_its_clock_runs(office: Office) -> None:
    case_no = office.accepted(status=CaseStatus.TOLERANT_ACCEPTED)
    office.must(office.agent, "claim", case_no)
    assert office.do(office.agent, "start", case_no).status_code == 409
    assert office.case(case_no)["promised_due_on"] == "2026-12-21"
    assert office.must(office.clerk, "withdrawal", case_no, {})["status"] == "withdrawn"


def test_an_instant_case_comes_closed_is_never_overdue_and_can_be_reviewed(office: Office) -> None:
    case_no = office.accepted(status=CaseStatus.CLOSED, promised_days=0, statutory_days=0)
    assert (office.case(case_no)["status"], office.case(case_no)["on_time"]) == ("closed", True)
    assert office.figures() == CLOSED_IN_TIME
    assert [event for event in office.api.sent(CaseProgressed) if event.case_no == case_no] == []
    office.api.clock.pass_(days=30)
    assert office.api.tick() == 1, "its applicant is reminded of the review"
    assert office.figures() == CLOSED_IN_TIME


def test_no_person_is_named_in_events_and_audit(office: Office) -> None:
    case_no = office.decided(applicant_subject="r-1")
    delivery = {"method": "home_visit", "proof": "签收单", "receiver": "欧阳小明"}
    office.must(office.clerk, "delivery", case_no, delivery)

    def written(unit: Any) -> str:
        events = unit.session.scalars(select(OutboxRecord.body)).all()
        records = unit.session.scalars(select(AuditRecord)).all()
        told = [(record.detail, record.reason(unit.vault)) for record in records]
        return f"{events} {told}"

    found = office.api.system(written)
    assert not [word for word in ("欧阳", "小明", "王*芳", "签收单", "依据第九条") if word in found]


def test_a_closed_case_leaves_no_timer_but_that_of_its_review(office: Office) -> None:
    office.closed()
    office.must(office.clerk, "withdrawal", office.accepted(), {})
    assert office.api.system(lambda unit: unit.session.scalars(select(Timer.kind)).all()) == [REMIND]


def test_each_department_sees_its_own_cases_only(office: Office, noise: list[str]) -> None:
    health = office.api.people.headers(Role.DEPARTMENT_OFFICER, "330902", department="health")
    assert numbers(office.read("cases", health)) == [noise[2]]
    assert office.get(f"cases/{noise[0]}", health).status_code == 404
    assert len(numbers(office.read(f"cases?department={DEPARTMENT}", office.officer))) == 3


def test_of_many_who_decide_at_the_same_moment_exactly_one_wins(office: Office) -> None:
    case_no = office.started()
    seen = office.case(case_no)["version"]

    def decide(_: int) -> int:
        return office.do(office.officer, "decision", case_no, {"outcome": "grant"}, seen=seen).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(decide, range(8)))
    assert answers == [200] + [412] * 7
    assert [event.step for event in office.api.sent(CaseProgressed)].count("decided") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{not json",
        b"\xff\xfe",
        b"[]",
        b'{"outcome": "maybe"}',
        b'{"outcome": "grant", "extra": 1}',
        b'{"outcome": "grant", "reasons": "\\u0000"}',
        b'{"outcome": "grant", "reasons": "\\ud800"}',
        b'{"outcome": "grant", "reasons": "' + b"x" * 2001 + b'"}',
    ],
)
def test_a_body_that_cannot_be_is_a_clear_problem(office: Office, body: bytes) -> None:
    case_no = office.started()
    response = office.api.client.post(
        f"/api/casework/v1/cases/{case_no}/decision",
        content=body,
        headers=office.officer | {"If-Match": '"3"', "Content-Type": "application/json"},
    )
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert office.case(case_no)["status"] == "handling"


def test_signs_of_any_kind_are_kept_as_written(office: Office) -> None:
    reasons = "😀 𠮷'); DROP TABLE cases; -- <b>"
    case_no = office.started()
    decided = office.must(office.officer, "decision", case_no, {"outcome": "grant", "reasons": reasons})
    assert decided["decision"]["reasons"] == reasons


def test_reasons_that_lay_open_are_sealed_by_the_migration(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    why, url = "其子王小明收入超过标准", fresh_database("casework", furnished)
    with open_office(url) as office:
        case_no, granted = office.started(), office.decided(outcome="grant")
        refusal = {"outcome": "refuse", "reasons": why, "remedies": "六十日内可申请复议"}
        office.must(office.officer, "decision", case_no, refusal)
    assert why not in everything(url)
    for name, value in environment(office.api.runtime.settings).items():
        monkeypatch.setenv(name, value)
    migrate("casework", url, down_to="0010_extensions")
    assert why in everything(url)
    migrate("casework", url)
    assert why not in everything(url)
    with open_office(url) as office:
        assert office.case(case_no)["decision"]["reasons"] == why
        assert office.case(granted)["decision"]["reasons"] == "依据第九条"


def test_what_waits_for_the_applicant_is_counted_whatever_it_waits_for(office: Office) -> None:
    office.accepted()
    office.accepted(status=CaseStatus.TOLERANT_ACCEPTED)
    decided, suspended = office.decided(), office.started()
    notice = {"method": "pick_up", "proof": "本人签收"}
    body = {"procedure": "testing", "days": 5, "reason": "需要送样", "notice": notice}
    office.must(office.agent, "suspension", suspended, body | {"awaits_applicant": True})
    office.must(office.agent, "suspension", office.started(), body)
    for who in (office.clerk, office.officer, office.admin):
        assert office.read("queue", who)["waiting_for_resident"] == 3
    office.must(office.agent, "resumption", suspended, {"result": "样品已到"})
    office.must(office.clerk, "delivery", decided, {"method": "pick_up", "proof": "签收"})
    assert office.read("queue", office.clerk)["waiting_for_resident"] == 1
