"""Nothing acknowledged is lost and nothing is doubled, whatever is killed while cases are posted."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from town import INTAKE, Person, Town, application, eventually, person

pytestmark = pytest.mark.suite

XIAN = "330902002001"
CLIENTS, CASES_EACH = 6, 350
ITEM = "soc-subsistence-national"
SERVICES = ("intake", "casework", "gateway", "volunteers")


@dataclass
class Desk:
    """A front-desk app on a flaky network: it sends each case again, under its key, until it has an answer."""

    clerk: Person
    item: dict[str, Any]
    number: int
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)

    def work(self) -> None:
        for serial in range(CASES_EACH):
            key = str(uuid.uuid4())
            self.acknowledged[key] = self.post(key, self.number * 1000 + serial)

    def post(self, key: str, serial: int) -> dict[str, Any]:
        body = {**application(self.item, XIAN, person(serial)), "accept": True}
        while True:
            try:
                response = self.clerk.create(f"{INTAKE}/cases", body, key)
            except httpx2.HTTPError:
                threading.Event().wait(0.05)
                continue
            if response.status_code == 201:
                answer: dict[str, Any] = response.json()
                return answer
            assert response.status_code in {409, 502, 503, 504}, response.text
            threading.Event().wait(0.05)


def _disturb(town: Town, done: threading.Event) -> None:
    """Kill each service in turn, and start it again, until the desks are done."""
    rounds = 0
    while not done.is_set() or rounds < len(SERVICES):
        name = SERVICES[rounds % len(SERVICES)]
        town.suite.kill(name)
        threading.Event().wait(0.3)
        town.suite.start(name)
        town.suite.wait_ready([name])
        rounds += 1


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
    desks = [Desk(clerk, town.item(ITEM), number) for number in range(CLIENTS)]
    done = threading.Event()
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        disturbance = pool.submit(_disturb, town, done)
        try:
            for work in [pool.submit(desk.work) for desk in desks]:
                work.result()
        finally:
            done.set()
        disturbance.result()

    acknowledged = [answer["case_no"] for desk in desks for answer in desk.acknowledged.values()]
    assert len(acknowledged) == len(set(acknowledged)) == CLIENTS * CASES_EACH
    taken = _numbers(clerk, "/api/intake/v1/cases")
    assert len(taken) == len(set(taken))
    assert set(acknowledged) == set(taken)
    eventually(
        lambda: town.command("intake", "relay", "status"),
        lambda status: status == {"waiting": {}, "dead": {}},
        patience=60,
    )
    opened = _numbers(agent, "/api/casework/v1/cases")
    assert len(opened) == len(set(opened))
    assert set(opened) == set(taken)
    eventually(
        lambda: town.command("casework", "relay", "status"),
        lambda status: status == {"waiting": {}, "dead": {}},
        patience=60,
    )
    for number in acknowledged[:: len(acknowledged) // 40]:
        steps = [e["step"] for e in clerk.read(f"/api/intake/v1/cases/{number}/timeline")["items"]]
        assert steps.count("received") == steps.count("accepted") == steps.count("opened") == 1
    for service in SERVICES:
        town.command(service, "audit", "seal")
        assert town.command(service, "audit", "verify")["sound"]
