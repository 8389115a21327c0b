"""A case that falls late, through the gateway: lamps, levels, an order from above, its answer, and why it was late."""

from datetime import UTC, datetime
from typing import Any

import pytest

from suite.test_time import ITEM, XIAN
from town import CASEWORK, INTAKE, Person, Town, application, eventually, person

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

A_MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
NAMES = ("clerk.xian", "agent.xian", "manager.xian", "supervisor.changguo", "admin.dinghai")


def people(town: Town) -> list[Person]:
    return [town.staff(name) for name in NAMES]


def entries(who: Person, path: str, kind: str) -> list[dict[str, Any]]:
    found = who.read(f"{path}/supervisions")["items"]
    return [entry for one in found if (one["kind"], one["step"]) == (kind, None) for entry in one["entries"]]


def test_a_late_case_is_asked_after_ordered_answered_explained_and_closed(town: Town) -> None:
    town.go_to(A_MONDAY)
    clerk, agent, manager, street, admin = people(town)
    made = clerk.made(f"{INTAKE}/cases", application(town.item(ITEM), XIAN, person(320)) | {"accept": True})
    path = f"{CASEWORK}/cases/{made['case_no']}"
    case = eventually(lambda: agent.get(path), lambda got: got.status_code == 200).json()
    assert (case["lamp"], case["first_contact_released_at"]) == (None, None)
    assert clerk.read(f"{CASEWORK}/cases?followed=true")["items"][0]["case_no"] == made["case_no"]
    version = agent.moved(f"{path}/claim", {}, case["version"])["version"]
    agent.moved(f"{path}/start", {}, version)
    assert agent.read(path)["first_contact_released_at"] is not None

    due = datetime.fromisoformat(case["promised_due_on"]).replace(tzinfo=UTC)
    town.go_to(due.replace(hour=2))
    clerk, agent, manager, street, admin = people(town)
    assert agent.read(path)["lamp"] == "orange"
    listed = agent.read(f"{CASEWORK}/cases?lamp=orange")["items"]
    assert made["case_no"] in [row["case_no"] for row in listed]

    town.pass_(days=14)
    clerk, agent, manager, street, admin = people(town)
    assert agent.read(path)["lamp"] == "red"
    asked = eventually(lambda: entries(street, path, "overdue"), bool)
    assert asked[0]["on"] == case["promised_due_on"], "dated to the day, however late the sweep came"
    assert [entry["skipped"] for entry in asked] == [True] * (len(asked) - 1) + [False]

    order = {"kind": "supervise", "text": "请说明办理进展", "reply_days": 2}
    assert manager.create(f"{path}/supervisions", order).status_code == 403
    one = street.made(f"{path}/supervisions", order)
    where = f"{path}/supervisions/{one['supervision_id']}"
    actions = agent.read(f"{path}/actions")["actions"]
    assert {"delay-reason", where.removeprefix(f"{path}/") + "/answer"} <= set(actions)
    one = agent.moved(f"{where}/answer", {"text": "等待省厅核对结果"}, one["version"])
    one = street.moved(f"{where}/second-order", {"text": "请给出日期"}, one["version"])
    assert street.move(f"{where}/closure", {}, one["version"] - 1).status_code == 412

    town.pass_(days=7)
    clerk, agent, manager, street, admin = people(town)
    raised = eventually(
        lambda: next(
            row for row in admin.read(f"{path}/supervisions")["items"] if row["kind"] == "supervise"
        ),
        lambda found: bool(found["level"] == "district"),
    )
    one = agent.moved(f"{where}/answer", {"text": "本周五办结"}, raised["version"])
    one = admin.moved(f"{where}/closure", {"remark": "同意"}, one["version"])
    assert one["state"] == "closed"

    reason = {"kind": "awaiting_others", "words": "等待王桂芳家庭的核对结果"}
    case = agent.moved(f"{path}/delay-reason", reason, agent.read(path)["version"])
    assert (case["delay"]["promised_on"], case["overdue"]) == (case["promised_due_on"], True)
    tracked = eventually(
        lambda: (
            town.anybody()
            .ask("POST", f"{INTAKE}/tracking/{made['case_no']}", {"code": made["tracking_code"]})
            .json()
        ),
        lambda seen: any(step["step"] == "delay_explained" for step in seen["timeline"]),
    )
    told = [step["told"] for step in tracked["timeline"] if step["step"] == "delay_explained"]
    assert told == ["办理单位说明了超过承诺日期的原因：等待其他单位核查、会商或者出具结果"]
    assert "王桂芳" not in str(tracked)
    published = town.anybody().get(f"{CASEWORK}/delays/330902?period={quarter(case['promised_due_on'])}")
    assert {"item_code": None, "kind": "awaiting_others", "count": None} in published.json()["lines"]


def quarter(day: str) -> str:
    return f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}"
