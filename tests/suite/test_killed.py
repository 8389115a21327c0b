"""What is decided, and what falls due by itself, is neither lost nor doubled while casework is killed."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import yaml

from onewindow_shared.plumbing.yamlfiles import YAML_TYPE
from suite.flaky import App, answered, killed
from town import CASEWORK, INTAKE, Town, application, eventually, person

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, ITEM = "330902002001", "soc-temporary-shenyang"
LEVELS = ("officer", "team", "street", "district")
STEPS = ("opened", "assigned", "started", "decided", "delivered", "closed")


def opened(town: Town, many: int, serial: int) -> list[str]:
    """Have so many cases accepted, and wait until casework has their files; return their paths."""
    clerk, item = town.staff("clerk.xian"), town.item(ITEM)
    forms = (application(item, XIAN, person(serial + n)) | {"accept": True} for n in range(many))
    paths = [f"{CASEWORK}/cases/{clerk.made(f'{INTAKE}/cases', form)['case_no']}" for form in forms]
    for path in paths:
        eventually(partial(clerk.get, path), lambda answer: answer.status_code == 200, patience=60)
    return paths


def test_cases_are_decided_delivered_and_closed_once_while_casework_is_killed(town: Town) -> None:
    agent, clerk = App(town.staff("agent.xian")), App(town.staff("clerk.xian"))
    paths = opened(town, 6, 400)
    officer = App(town.staff("officer.civil_affairs"))

    def walk(path: str) -> None:
        while (seen := answered(partial(agent.who.get, path)).json())["handler"] is None:
            answered(partial(agent.who.move, f"{path}/claim", {}, seen["version"]))
        agent.moved(path, "start", {}, "handling")
        officer.moved(path, "decision", {"outcome": "grant"}, "decided")
        clerk.moved(path, "delivery", {"method": "pick_up", "proof": "本人签收"}, "delivered")
        clerk.moved(path, "closure", {}, "closed")

    with ThreadPoolExecutor(3) as pool:
        works = [pool.submit(walk, path) for path in paths]
        killed(town.suite, ["casework"] * 4)
        for work in works:
            work.result()
    for path in paths:
        steps = [entry["step"] for entry in agent.who.read(f"{path}/timeline?limit=50")["items"]]
        assert steps == list(STEPS)
    town.command("casework", "audit", "seal")
    assert town.command("casework", "audit", "verify")["sound"]


def test_what_falls_due_while_casework_is_killed_happens_once(town: Town) -> None:
    paths = opened(town, 40, 450)
    town.pass_(days=200)
    killed(town.suite, ["casework"] * 4)
    agent, admin = town.staff("agent.xian"), town.staff("admin.dinghai")
    for path in paths:
        late = eventually(partial(agent.read, path), lambda case: bool(case["overdue"]), patience=60)
        assert late["delay"]["promised_on"] == late["promised_due_on"]
        steps = [entry["step"] for entry in agent.read(f"{path}/timeline?limit=50")["items"]]
        assert steps.count("overdue") == 1
        (asked,) = admin.read(f"{path}/supervisions")["items"]
        assert [entry["level"] for entry in asked["entries"]] == list(LEVELS)
    town.command("casework", "audit", "seal")
    assert town.command("casework", "audit", "verify")["sound"]


def test_a_long_register_is_taken_in_once_while_casework_is_killed(town: Town) -> None:
    admin, path = town.staff("admin.dinghai"), f"{CASEWORK}/register/330902"
    street = {"code": "330902077", "name": "新街道", "kind": "street"}
    codes = [f"330902077{n:03d}" for n in range(1, 301)]
    areas = [{"code": code, "name": f"社区{code[-3:]}", "kind": "residents_committee"} for code in codes]
    facts = {"kind": "staff", "unit": "名", "valid_from": "2026-01-01", "source": "街道年报"}
    values = [{**facts, "area": code, "value": str(n)} for n, code in enumerate(codes)]
    grids = [{"code": f"{code}001", "name": "第一网格"} for code in codes]
    file = json.dumps({"areas": [street, *areas], "values": values, "grids": grids}).encode()
    headers = {
        "Authorization": f"Bearer {admin.token}",
        "Content-Type": YAML_TYPE,
        "Idempotency-Key": str(uuid.uuid4()),
    }
    send = partial(town.http.post, f"{path}/imports", content=file, headers=headers)
    begun = answered(send)
    assert begun.status_code == 201, begun.text
    killed(town.suite, ["casework"] * 4)

    def how_far() -> dict[str, Any]:
        found: dict[str, Any] = answered(
            partial(admin.get, f"{path}/imports/{begun.json()['import_no']}")
        ).json()
        return found

    done = eventually(how_far, lambda found: found["status"] == "done", patience=120)
    assert (done["done"], done["added"], done["bad"]) == (done["total"], 901, 0)
    assert answered(send).json() == begun.json()
    kept = yaml.safe_load(admin.get(f"{path}/export").content)
    assert {row["code"] for row in kept["areas"]} >= {"330902077", *codes}
    for code in (codes[0], codes[150], codes[-1]):
        assert len(admin.read(f"{CASEWORK}/areas/{code}/values")["items"]) == 1
    town.command("casework", "audit", "seal")
    assert town.command("casework", "audit", "verify")["sound"]
