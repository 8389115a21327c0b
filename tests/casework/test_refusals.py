"""A community refuses what it need not do; that is never counted against it, and how it ends is public."""

from typing import Any

import pytest
from httpx2 import Response

from casework.dispatching import DONE, Desk
from casework.office import BASE, Headers
from onewindow_casework.metrics.queries import recount
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import rebuild
from testkit.api import KAIYUAN, XIAN


def test_a_refusal_to_which_nobody_objects_stands_and_is_public(desk: Desk) -> None:
    refusal = desk.refused()
    assert (refusal["status"], refusal["object_by"]) == ("open", "2026-11-30")
    assert desk.office.read("admission/refusals/results", {})["items"] == []
    desk.go_to(2026, 11, 30, 9, 0)
    desk.office.api.tick()
    (public,) = desk.office.read("admission/refusals/results", {})["items"]
    assert (public["result"], public["reason"], public["settled_on"]) == ("stands", "NO_FUNDS", "2026-11-30")
    assert "经费尚未到账" not in str(public)
    late = desk.do(desk.officer, "objection", refusal["no"], {"grounds": "已拨付"}, of="refusals")
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("upheld", "result", "order"), [(True, "upheld", "refused"), (False, "overruled", "sent")]
)
def test_the_street_settles_what_the_department_objects_to(
    desk: Desk, upheld: bool, result: str, order: str
) -> None:
    refusal = desk.refused()
    no = refusal["no"]
    desk.must(desk.officer, "objection", no, {"grounds": "经费已列入预算"}, of="refusals")
    mine = desk.do(desk.officer, "settlement", no, {"upheld": False, "reasons": "x"}, of="refusals")
    assert mine.status_code == 403
    settled = desk.must(desk.street, "settlement", no, {"upheld": upheld, "reasons": "查账"}, of="refusals")
    assert (settled["status"], desk.order(refusal["order"])["status"]) == (result, order)
    read = desk.office.read(f"admission/orders/{refusal['order']}", desk.manager)
    (dispute,) = read["refusals"]
    assert [dispute[one] for one in ("explanation", "objection", "settlement", "status")] == [
        *("经费尚未到账", "经费已列入预算", "查账", result)
    ]
    assert read["reason"] == ("经费尚未到账" if upheld else None)
    steps = desk.office.read(f"admission/orders/{refusal['order']}/steps", desk.manager)["items"]
    told = [("refuse", "NO_FUNDS")] if upheld else [("refuse", "NO_FUNDS"), ("overrule", "查账")]
    assert [(one["step"], one["note"]) for one in steps[1:]] == told
    assert desk.office.read("admission/refusals/results", {})["items"][0]["result"] == result
    below = desk.office.api.client.get(
        f"{BASE}/admission/refusals/counts/330902002001?from=2026-11-01&to=2026-11-30", headers=desk.admin
    )
    assert below.status_code == 422, "no community is counted"
    counts = desk.office.read("admission/refusals/counts/330902?from=2026-11-01&to=2026-11-30", desk.admin)
    assert sum(one["by_communities"] for one in counts) == int(upheld)


def test_a_demand_made_beside_the_system_is_kept_and_refused(desk: Desk) -> None:
    body = {
        "community": XIAN,
        "department": "health",
        "kind": "ledger_or_form",
        "demand": "电话要求当天上报台账",
        "reason": "OUT_OF_LIST",
        "explanation": "不在清单内",
    }

    def refuse(who: Headers, **more: Any) -> Response:
        answer: Response = desk.office.api.client.post(
            f"{BASE}/admission/refusals",
            json=body | more,
            headers=who | {"Idempotency-Key": f"a-demand-{next(desk.office.serials)}"},
        )
        return answer

    assert refuse(desk.manager).status_code == 201
    assert refuse(desk.manager, community=KAIYUAN).json()["errors"][0]["loc"] == ["body", "community"]
    assert refuse(desk.officer).status_code == 403
    health = desk.office.api.people.headers(Role.DEPARTMENT_OFFICER, "330902", department="health")
    assert len(desk.office.read("admission/refusals", health)["items"]) == 1
    assert desk.office.read("admission/refusals", desk.officer)["items"] == []


def test_a_refusal_is_in_no_figure_of_the_community(desk: Desk) -> None:
    before = desk.office.figures(XIAN)
    refusal = desk.refused()
    assert desk.office.figures(XIAN) == before
    assert desk.office.figures()[Metric.ORDERS_REFUSED] == 1
    desk.must(desk.officer, "objection", refusal["no"], {"grounds": "x"}, of="refusals")
    desk.must(desk.admin, "settlement", refusal["no"], {"upheld": False, "reasons": "x"}, of="refusals")
    assert desk.office.figures(XIAN)[Metric.ORDERS_SENT] == 1
    desk.send(role="main")
    done = desk.begun()
    desk.must(desk.manager, "completion", done, DONE)
    desk.must(desk.officer, "confirmation", done)
    desk.refused()
    counted = desk.office.figures()
    desk.office.api.system(lambda unit: rebuild(unit.session, recount(unit)))
    again = desk.office.figures()
    assert all(again[metric] == n for metric, n in counted.items())
