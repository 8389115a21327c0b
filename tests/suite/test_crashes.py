"""Nothing acknowledged is lost and nothing is doubled, whatever is killed while cases are posted."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest

from embedded import Suite
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
