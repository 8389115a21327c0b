"""Nothing acknowledged is lost and nothing is doubled, whatever is killed while cases are posted."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from embedded import REVIVALS, Suite
from embedded_environment import SuiteError
from suite.flaky import App, killed, until
from town import CASEWORK, INTAKE, Person, Town, application, eventually, person

pytestmark = pytest.mark.suite

XIAN = "330902002001"
DESKS, ROUNDS = 6, 2
"""How many windows post, and how often each service is killed meanwhile."""
ITEM = "soc-subsistence-national"
SERVICES = ("intake", "casework", "gateway", "volunteers")


def posted(desks: Iterable[App], item: dict[str, Any], suite: Suite) -> set[str]:
    """Have every desk post one case after the other until the last service is back; return their numbers."""
    over = Event()

    def post(desk: App, serial: int) -> None:
        desk.made(f"{INTAKE}/cases", {**application(item, XIAN, person(serial)), "accept": True})

    with ThreadPoolExecutor(DESKS) as pool:
        works = [pool.submit(until, over, partial(post, desk)) for desk in desks]
        try:
            killed(suite, SERVICES * ROUNDS)
        finally:
            over.set()
        assert min(work.result() for work in works) > 0
    answers = [answer for desk in desks for _, _, answer in desk.acknowledged.values()]
    numbers = {answer["case_no"] for answer in answers}
    assert len(numbers) == len(answers)
    return numbers


def _numbers(who: Person, path: str) -> list[str]:
    """Walk every page of a list."""
    found: list[str] = []
    cursor = ""
    while True:
        page = who.read(f"{path}?limit=200{cursor}")
        found += [item["case_no"] for item in page["items"]]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_every_acknowledged_case_exists_once_in_both_services_whatever_was_killed(town: Town) -> None:
    clerk, agent = town.staff("clerk.xian"), town.staff("agent.xian")
    before = set(_numbers(clerk, f"{INTAKE}/cases"))
    acknowledged = posted([App(clerk) for _ in range(DESKS)], town.item(ITEM), town.suite)
    taken = _numbers(clerk, f"{INTAKE}/cases")
    assert len(taken) == len(set(taken))
    assert set(taken) - before == acknowledged
    eventually(
        lambda: town.command("intake", "relay", "status"),
        lambda status: status == {"waiting": {}, "dead": {}},
        patience=60,
    )
    opened = _numbers(agent, f"{CASEWORK}/cases")
    assert len(opened) == len(set(opened))
    assert acknowledged <= set(opened) <= set(taken)
    eventually(
        lambda: town.command("casework", "relay", "status"),
        lambda status: status == {"waiting": {}, "dead": {}},
        patience=60,
    )
    for number in sorted(acknowledged)[:: len(acknowledged) // 40 + 1]:
        steps = [e["step"] for e in clerk.read(f"{INTAKE}/cases/{number}/timeline")["items"]]
        assert steps.count("received") == steps.count("accepted") == steps.count("opened") == 1
    for service in SERVICES:
        town.command(service, "audit", "seal")
        assert town.command(service, "audit", "verify")["sound"]


def test_what_make_run_starts_is_started_each_time_it_is_killed_while_it_starts(tmp_path: Path) -> None:
    with Suite(tmp_path, base_port=0) as suite:
        for _ in range(REVIVALS + 2):
            suite.kill("volunteers")
            assert suite.revive() == ["volunteers"]
        suite.kill("volunteers")
        suite.wait_ready(SERVICES)


def test_what_cannot_start_ends_the_run_with_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.REVIVALS", 1)
    suite = Suite(tmp_path, base_port=0)
    try:
        suite.prepare()
        suite.start("volunteers", "--no-such-option")
        _until_it_ended(suite)
        assert suite.revive() == ["volunteers"]
        _until_it_ended(suite)
        with pytest.raises(SuiteError, match="no-such-option"):
            suite.revive()
    finally:
        suite.close()


def _until_it_ended(suite: Suite) -> None:
    while suite.running():
        Event().wait(0.05)
