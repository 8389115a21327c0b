"""What is decided, and what falls due by itself, is neither lost nor doubled while casework is killed."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from suite.flaky import App, answered, killed
from town import CASEWORK, INTAKE, Town, application, eventually, person

pytestmark = [pytest.mark.suite, pytest.mark.own_town]

XIAN, ITEM = "330902002001", "soc-temporary-shenyang"
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
    paths = opened(town, 12, 450)
    town.pass_(days=200)
    killed(town.suite, ["casework"] * 4)
    agent = town.staff("agent.xian")
    for path in paths:
        eventually(partial(agent.read, path), lambda case: bool(case["overdue"]), patience=60)
        steps = [entry["step"] for entry in agent.read(f"{path}/timeline?limit=50")["items"]]
        assert steps.count("overdue") == 1
    town.command("casework", "audit", "seal")
    assert town.command("casework", "audit", "verify")["sound"]
