"""A window that was offline hands in its cases while the service is killed under it: nothing is lost or doubled."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from typing import Any

import httpx2
import pytest

from onewindow_shared.plumbing.clock import system_clock
from town import INTAKE, Person, Town, application, person

pytestmark = pytest.mark.suite

XIAN = "330902002001"
ITEM = "soc-subsistence-national"
CLIENT = "window-app-of-xian"
CASES = 500
PAUSES = (0.1, 0.3, 0.6)
"""Seconds after which the service is killed."""


@pytest.fixture
def entries(town: Town) -> list[dict[str, Any]]:
    """Five hundred cases, made in the last hour."""
    made_at = system_clock().astimezone(UTC) - timedelta(hours=1)
    item = town.item(ITEM)
    return [
        {
            "client_id": f"offline-{serial:04d}",
            "made_at": (made_at + timedelta(seconds=serial)).isoformat(),
            "case": {**application(item, XIAN, person(serial)), "accept": True},
        }
        for serial in range(CASES)
    ]


def handed_in(clerk: Person, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hand in a batch as often as it needs until there is an answer."""
    while True:
        sent_at = system_clock().isoformat()
        try:
            answer = clerk.ask(
                "POST", f"{INTAKE}/case-batches", {"client": CLIENT, "sent_at": sent_at, "cases": entries}
            )
        except httpx2.HTTPError:
            continue
        if answer.status_code == 200:
            found: list[dict[str, Any]] = answer.json()["entries"]
            return found
        assert answer.status_code in {502, 503, 504}, answer.text
        threading.Event().wait(0.05)


def _kill(town: Town) -> None:
    """Kill the service in the middle of its work, and start it again, some times."""
    for pause in PAUSES:
        threading.Event().wait(pause)
        town.suite.kill("intake")
        town.suite.start("intake")
        town.suite.wait_ready(["intake"])


def _listed(clerk: Person) -> Iterator[str]:
    cursor = ""
    while True:
        page = clerk.read(f"{INTAKE}/cases?limit=200{cursor}")
        yield from (case["case_no"] for case in page["items"])
        if page["next"] is None:
            return
        cursor = f"&cursor={page['next']}"


def test_a_batch_whose_service_is_killed_in_the_middle_makes_each_case_once(
    town: Town, entries: list[dict[str, Any]]
) -> None:
    clerk = town.staff("clerk.xian")
    before = set(_listed(clerk))
    pieces = [entries, entries[::-1], entries[100:300], entries[250:]]
    with ThreadPoolExecutor(len(pieces) + 1) as pool:
        killing = pool.submit(_kill, town)
        answers = [work.result() for work in [pool.submit(handed_in, clerk, piece) for piece in pieces]]
        killing.result()
    answers.append(handed_in(clerk, entries))

    told = [answer for several in answers for answer in several]
    assert {answer["outcome"] for answer in told} <= {"created", "already_there"}
    assert [answer["outcome"] for answer in answers[-1]] == ["already_there"] * CASES
    numbers = {(answer["client_id"], answer["case_no"]) for answer in told}
    assert len(numbers) == CASES
    listed = list(_listed(clerk))
    assert len(listed) == len(set(listed))
    assert {number for _, number in numbers} == set(listed) - before
