"""Nothing enters a community that is not on the list and paid for; what does, runs to its end."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from threading import Event
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import update

from casework.dispatching import DONE, Desk
from casework.office import DEPARTMENT, HOLIDAYS_2027
from casework.purse import YEAR
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.lists.publishing import publish_for
from onewindow_casework.matters.models import Matter
from onewindow_casework.orders import halting
from onewindow_casework.orders.models import Order
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.lists import ListIn
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit
from testkit.api import KAIYUAN, XIAN


def test_an_order_runs_from_its_dispatch_to_its_confirmation(desk: Desk) -> None:
    no = desk.begun()
    assert desk.order(no)["due_on"] == "2026-11-30"
    desk.must(desk.manager, "completion", no, DONE)
    assert desk.must(desk.officer, "return", no, {"reason": "缺一户的登记"})["reason"] == "缺一户的登记"
    again = DONE | {"minutes": 70, "evidence": ["补登记表第13号"]}
    assert desk.must(desk.manager, "completion", no, again)["reason"] is None
    confirmed = desk.must(desk.officer, "confirmation", no)
    assert (confirmed["status"], confirmed["minutes_spent"], confirmed["cases_done"]) == ("confirmed", 70, 2)
    told = desk.office.read(f"admission/orders/{no}/steps", desk.manager)["items"]
    steps = [one["step"] for one in told]
    assert steps == ["sent", "receive", "begin", "complete", "return", "complete", "confirm"]
    assert [one["completion"] for one in told if one["completion"]] == [DONE, again]
    (work,) = desk.read(f"items/i-1/work?{YEAR}")["items"]
    assert (work["orders"], work["minutes"], work["cases"]) == (1, 70, 2)


def barred(answer: Response) -> str:
    assert answer.status_code == 409, answer.text
    problem = answer.json()
    assert problem["type"] == "urn:onewindow:problem:dispatch-barred"
    assert problem["basis"][0]["quote"]
    reason: str = problem["reason"]
    return reason


def forbid(unit: Unit) -> None:
    """拆迁拆违, as the policy of 2017 forbids it."""
    unit.session.add(
        Matter(
            district="330902",
            code="demolition",
            name="拆迁拆违",
            aliases=["征地拆迁"],
            phrases=["拆除 违章建筑"],
            kind="work_item",
            matter_class="forbidden",
            main_only=True,
            basis=[
                {
                    "document": "中共中央 国务院关于加强和完善城乡社区治理的意见",
                    "quote": "不得将基层群众性自治组织作为行政执法、拆迁拆违、环境整治、城市管理、招商引资等事项的责任主体",
                }
            ],
        )
    )


@pytest.mark.parametrize(
    ("reason", "more"),
    [
        ("NOT_ADMITTED", {"item": "i-unknown"}),
        ("OUT_OF_AREA", {"community": KAIYUAN}),
        ("OUT_OF_PERIOD", {"due_on": "2027-11-23"}),
        ("MAIN_BODY", {"role": "main"}),
        ("BEYOND_ACTIONS", {"actions": ["visit", "persuade"]}),
        ("BEYOND_ACTIONS", {"actions": []}),
        ("BEYOND_WORKLOAD", {"minutes": 601}),
        ("BEYOND_WORKLOAD", {"minutes": 1, "cases": 21}),
        ("BEYOND_WORKLOAD", {"minutes": None, "cases": 100_000}),
        ("FORBIDDEN", {"role": "main", "content": "负责沿河违章建筑的拆除工作"}),
        ("FORBIDDEN", {"content": "请社区负责拆除违章建筑"}),
        ("FORBIDDEN", {"item": "demolition"}),
    ],
)
def test_what_the_list_does_not_allow_is_refused_with_its_basis_and_kept(
    desk: Desk, reason: str, more: dict[str, Any]
) -> None:
    desk.office.api.system(forbid)
    assert barred(desk.send(**more)) == reason
    kept = desk.office.read("admission/orders/barred", desk.officer)["items"]
    assert [(one["reason"], one["department"]) for one in kept] == [(reason, DEPARTMENT)]
    counts = desk.office.read("admission/refusals/counts/330902?from=2026-11-01&to=2026-11-30", desk.admin)
    assert (counts[0]["reason"], counts[0]["by_system"]) == (reason, 1)
    assert desk.office.figures()[Metric.ORDERS_BARRED] == 1
    assert Metric.ORDERS_BARRED not in desk.office.figures(more.get("community", XIAN))


def test_what_is_too_much_work_is_told_with_the_hours_agreed_sent_and_asked(desk: Desk) -> None:
    desk.sent(minutes=250)
    refused = desk.send(minutes=400)
    assert barred(refused) == "BEYOND_WORKLOAD"
    figures = {"agreed": 600, "before": 250, "asked": 400}
    assert refused.json()["time"] == figures
    assert re.findall(r"\d+", refused.json()["detail"]) == ["600", "250", "400"]
    (kept,) = desk.office.read("admission/orders/barred", desk.officer)["items"]
    assert kept["time"] == figures
    desk.send(role="main", minutes=10_000)
    newest, _ = desk.office.read("admission/orders/barred", desk.officer)["items"]
    assert (newest["reason"], newest["time"]) == ("MAIN_BODY", None)


def test_what_is_forbidden_is_not_asked_with_a_return_either(desk: Desk) -> None:
    no = desk.begun()
    desk.must(desk.manager, "completion", no, DONE)
    desk.office.api.system(forbid)
    asked = desk.do(desk.officer, "return", no, {"reason": "请社区负责拆除违章建筑"})
    assert (asked.status_code, asked.json()["errors"][0]["loc"]) == (422, ["body", "reason"])
    assert desk.order(no)["status"] == "done"
    assert desk.do(desk.officer, "return", no, {"reason": "缺一户的登记"}).is_success


def test_a_refused_dispatch_sent_again_is_refused_again_and_kept_once(desk: Desk) -> None:
    first, again = (desk.send(role="main", key="flaky-network") for _ in range(2))
    assert (barred(first), first.content) == ("MAIN_BODY", again.content)
    assert len(desk.office.read("admission/orders/barred", desk.admin)["items"]) == 1


def test_work_of_another_department_or_without_money_is_not_sent(desk: Desk) -> None:
    health = desk.office.api.people.headers(Role.DEPARTMENT_OFFICER, "330902", department="health")
    assert barred(desk.send(who=health)) == "NO_AUTHORITY"
    desk.item("i-2")
    assert barred(desk.send("i-2")) == "NO_FUNDS"
    desk.office.api.tick()
    desk.go_to(2026, 12, 8, 1, 0)
    desk.office.api.tick()
    assert barred(desk.send()) == "NO_FUNDS"
    desk.posted(desk.officer, "transfers", item="i-1", community=XIAN)
    assert desk.send().status_code == 201


def test_an_item_is_asked_for_only_in_its_period_and_on_the_list_of_the_day(desk: Desk) -> None:
    desk.active("i-2", first_day=date(2026, 12, 1))
    assert barred(desk.send("i-2")) == "OUT_OF_PERIOD"
    desk.go_to(2026, 12, 1, 1, 0)
    assert barred(desk.send("i-1")) == "OUT_OF_LIST"
    assert desk.send("i-2").status_code == 201


def test_of_two_orders_that_together_exceed_the_agreed_hours_one_is_refused(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: desk.send(minutes=250), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
    assert {barred(answer) for answer in answers if answer.status_code == 409} == {"BEYOND_WORKLOAD"}


def test_hours_that_were_not_needed_may_be_asked_again(desk: Desk) -> None:
    no = desk.begun(minutes=600)
    assert barred(desk.send(minutes=1)) == "BEYOND_WORKLOAD"
    desk.must(desk.manager, "completion", no, DONE | {"minutes": 500})
    recalled = desk.sent(minutes=100)
    assert barred(desk.send(minutes=1)) == "BEYOND_WORKLOAD"
    desk.must(desk.officer, "recall", recalled, {"reason": "改期"})
    assert desk.send(minutes=100).status_code == 201


def test_cases_take_the_time_that_was_admitted_for_each(desk: Desk) -> None:
    no = desk.begun(minutes=1, cases=12)
    assert desk.order(no)["minutes"] == 360
    desk.must(desk.manager, "completion", no, DONE | {"minutes": 12, "cases": 12})
    refused = desk.send(minutes=None, cases=9)
    assert refused.json()["time"] == {"agreed": 600, "before": 360, "asked": 270}
    assert desk.send(minutes=None, cases=8).status_code == 201


@pytest.mark.parametrize("more", [{"minutes": 6_000}, {"cases": 100_000}])
def test_more_than_ordered_is_neither_counted_nor_owed_before_its_sender_accepts_it(
    desk: Desk, more: dict[str, int]
) -> None:
    no = desk.begun()
    assert desk.must(desk.manager, "completion", no, DONE | more)["beyond"]
    assert desk.send(minutes=540).status_code == 201
    refused = desk.do(desk.officer, "confirmation", no)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:onewindow:problem:more-than-ordered")
    told = {"minutes": 60, "minutes_spent": 55, "cases": 2, "cases_done": 2}
    told |= {{"minutes": "minutes_spent", "cases": "cases_done"}[name]: n for name, n in more.items()}
    assert {name: refused.json()[name] for name in told} == told
    assert desk.read(f"items/i-1/work?{YEAR}")["items"][0]["orders"] == 0
    desk.must(desk.officer, "return", no, {"reason": "数目有误"})
    assert not desk.must(desk.manager, "completion", no, DONE)["beyond"]
    desk.must(desk.officer, "return", no, {"reason": "请再核对"})
    desk.must(desk.manager, "completion", no, DONE | more)
    desk.must(desk.officer, "confirmation", no, {"accept_more": True})
    assert barred(desk.send(minutes=1)) == "BEYOND_WORKLOAD"


def test_what_was_begun_refused_and_sent_again_counts_once(desk: Desk) -> None:
    no = desk.begun(minutes=400)
    refusal = desk.must(desk.manager, "refusal", no, {"reason": "NO_FUNDS", "explanation": "x"})["no"]
    desk.must(desk.officer, "objection", refusal, {"grounds": "x"}, of="refusals")
    desk.must(desk.street, "settlement", refusal, {"upheld": False, "reasons": "x"}, of="refusals")
    assert desk.send(minutes=200).status_code == 201


def test_when_an_item_is_taken_off_running_orders_are_halted_and_nothing_new_starts(desk: Desk) -> None:
    waiting, running, done = desk.sent(), desk.begun(), desk.begun()
    desk.must(desk.manager, "completion", done, DONE)
    desk.take_off()
    late = desk.do(desk.manager, "receipt", waiting)
    assert late.json()["type"] == "urn:onewindow:problem:no-longer-listed"
    assert barred(desk.send()) == "OUT_OF_LIST"
    desk.office.api.tick()
    assert [desk.order(no)["status"] for no in (waiting, running, done)] == ["halted", "halted", "done"]
    assert desk.order(waiting)["reason"] == "该事项已退出清单。"
    assert desk.must(desk.officer, "confirmation", done)["status"] == "confirmed"


def test_running_orders_are_looked_at_slice_by_slice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halting, "SLICE", 2)
    orders = [desk.sent() for _ in range(5)]
    desk.take_off()
    halted = []
    while desk.office.api.tick():
        halted.append(sum(desk.order(no)["status"] == "halted" for no in orders))
    assert halted == [2, 4, 5]


def test_when_the_next_version_of_the_lists_has_no_such_item_its_orders_end_with_the_day(desk: Desk) -> None:
    no = desk.begun()
    desk.active("i-2")
    desk.publish("i-2", effective_from=date(2026, 11, 24))
    desk.go_to(2026, 11, 23, 16, 0)
    desk.office.api.tick()
    assert desk.order(no)["status"] == "halted"


def vanished(unit: Unit) -> None:
    """Have an item on the present lists that the next version will not have."""
    unit.session.execute(update(WorkItem).where(WorkItem.code == "i-1").values(status="approved"))


def next_version(unit: Unit) -> None:
    publish_for(unit, "330902", ListIn(title="社区工作事项清单", effective_from=unit.today))


def test_a_dispatch_waits_for_a_version_that_is_being_published_and_is_judged_by_it(desk: Desk) -> None:
    desk.office.api.system(vanished)
    written, go = Event(), Event()

    def slowly(unit: Unit) -> None:
        next_version(unit)
        written.set()
        go.wait(5)

    with ThreadPoolExecutor(2) as pool:
        publication = pool.submit(desk.office.api.system, slowly)
        assert written.wait(5)
        dispatch = pool.submit(desk.send)
        assert wait([dispatch], timeout=0.3).not_done
        go.set()
        publication.result()
        assert barred(dispatch.result()) == "NO_FUNDS"


def test_a_version_waits_for_a_dispatch_that_is_being_sent_and_halts_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.office.api.system(vanished)
    written, go = Event(), Event()

    def slowly(unit: Unit, order: Order) -> None:
        written.set()
        go.wait(5)

    monkeypatch.setattr(halting, "watch", slowly)
    with ThreadPoolExecutor(2) as pool:
        dispatch = pool.submit(desk.send)
        assert written.wait(5)
        publication = pool.submit(desk.office.api.system, next_version)
        assert wait([publication], timeout=0.3).not_done
        go.set()
        publication.result()
    desk.office.api.tick()
    assert desk.order(dispatch.result().json()["no"])["status"] == "halted"


def test_orders_and_refusals_of_others_are_not_there(desk: Desk) -> None:
    refusal = desk.refused()
    people = desk.office.api.people
    others = [
        people.headers(Role.COMMUNITY_MANAGER, KAIYUAN),
        people.headers(Role.STREET_SUPERVISOR, "330902003"),
        people.headers(Role.DEPARTMENT_OFFICER, "330902", department="health"),
        people.headers(Role.AUDITOR, "330903"),
    ]
    for who in others:
        for path in ("orders", "refusals", "orders/barred"):
            assert desk.office.read(f"admission/{path}", who)["items"] == []
        assert desk.office.get(f"admission/orders/{refusal['order']}", who).status_code == 404
        assert desk.office.get(f"admission/refusals/{refusal['no']}", who).status_code == 404
    assert desk.office.get("admission/orders", desk.office.resident).status_code == 403
    assert desk.do(others[0], "receipt", refusal["order"], seen=1).status_code == 404


def test_of_two_who_act_on_an_order_the_second_sees_the_present_state(desk: Desk) -> None:
    no = desk.sent()
    assert desk.do(desk.officer, "recall", no, {"reason": "改期"}, seen=1).status_code == 200
    answer = desk.do(desk.manager, "receipt", no, seen=1)
    assert (answer.status_code, answer.json()["current"]["status"]) == (412, "recalled")
    assert desk.do(desk.manager, "receipt", no).status_code == 409


def test_a_new_calendar_moves_the_days_that_were_provisional_and_those_that_were_told_stay(
    desk: Desk,
) -> None:
    desk.office.api.tick()
    desk.go_to(2026, 12, 28, 1, 30)
    counted, told = desk.sent(), desk.sent(due_on="2027-01-06")
    refusal = desk.refused()
    (instalment,) = desk.read("instalments")["items"]
    assert (desk.order(counted)["due_on"], desk.order(counted)["provisional"]) == ("2027-01-05", True)
    assert desk.office.import_year(2027, HOLIDAYS_2027).status_code == 200
    moved = desk.order(counted)
    assert (moved["due_on"], moved["provisional"]) == ("2027-01-07", False)
    assert (desk.order(told)["due_on"], desk.read("instalments")["items"]) == ("2027-01-06", [instalment])
    after = desk.office.read(f"admission/refusals/{refusal['no']}", desk.admin)
    assert (refusal["object_by"], after["object_by"]) == ("2027-01-05", "2027-01-07")
    desk.go_to(2027, 1, 5, 9, 0)
    desk.office.api.tick()
    assert desk.do(
        desk.officer, "objection", refusal["no"], {"grounds": "已列入预算"}, of="refusals"
    ).is_success
