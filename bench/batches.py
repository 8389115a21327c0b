"""Five hundred cases made offline, handed in as one batch, beside the same cases posted one by one.

    python bench/batches.py [--rounds 5] [--clients 8] [--only sqlite]

A suite runs on SQLite (synchronous=FULL) and one on PostgreSQL; everything goes through the gateway. In each
round, in random order, 500 new cases go as one `case-batches`, and 500 others are posted by `--clients`
clients side by side, each under its own key. Then the same batch is sent once more, which makes nothing new.
Printed are the medians over the rounds of single posts' time by the batch's, and of the batch's by its
repetition's; both are taken inside a round.
"""

import argparse
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from posting import ITEM, XIAN

from embedded import Suite
from embedded_environment import SERVICES
from onewindow_shared.plumbing.clock import system_clock
from testkit import databases
from town import INTAKE, UNLIMITED, Person, Town, application, person

CASES = 500
NAME = "onewindow_bench_batches_{service}"


@dataclass
class Window:
    """A window app with cases to hand in."""

    clerk: Person
    item: dict[str, Any]
    clients: int
    serial: int = 0

    def cases(self) -> list[dict[str, Any]]:
        """Make new cases."""
        self.serial += CASES
        numbers = range(self.serial, self.serial + CASES)
        return [{**application(self.item, XIAN, person(n)), "accept": True} for n in numbers]

    def batch(self) -> dict[str, Any]:
        """Make a batch of new cases."""
        sent_at = system_clock()
        made_at = (sent_at - timedelta(hours=1)).isoformat()
        entries = [
            {"client_id": str(uuid.uuid4()), "made_at": made_at, "case": case} for case in self.cases()
        ]
        return {"client": "bench-window", "sent_at": sent_at.isoformat(), "cases": entries}

    def hand_in(self, batch: dict[str, Any], outcome: str) -> None:
        answer = self.clerk.ask("POST", f"{INTAKE}/case-batches", batch)
        assert answer.status_code == 200, answer.text
        assert {entry["outcome"] for entry in answer.json()["entries"]} == {outcome}

    def post(self, cases: list[dict[str, Any]]) -> None:
        with ThreadPoolExecutor(self.clients) as at_once:
            for answer in at_once.map(lambda case: self.clerk.create(f"{INTAKE}/cases", case), cases):
                assert answer.status_code == 201, answer.text


def seconds(work: Callable[[], None]) -> float:
    """Return how long something took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def one_round(window: Window) -> tuple[float, float]:
    """Return single posts' time by the batch's, and the batch's by its repetition's."""
    batch, cases = window.batch(), window.cases()
    taken: dict[str, float] = {}
    works: list[tuple[str, Callable[[], None]]] = [
        ("batch", lambda: window.hand_in(batch, "created")),
        ("single", lambda: window.post(cases)),
    ]
    random.shuffle(works)
    for name, work in works:
        taken[name] = seconds(work)
    again = seconds(lambda: window.hand_in(batch, "already_there"))
    return taken["single"] / taken["batch"], taken["batch"] / again


def measure(database: str, rounds: int, clients: int) -> None:
    home = Path(tempfile.mkdtemp(prefix="onewindow-bench-"))
    url = "sqlite" if database == "sqlite" else _postgres()
    with (
        Suite(home, database=url, base_port=0, settings=UNLIMITED) as suite,
        closing(Town.open(suite, home / "codes")) as town,
    ):
        window = Window(town.staff("clerk.xian"), town.item(ITEM), clients)
        window.post(window.cases())
        found = [one_round(window) for _ in range(rounds)]
    for name, values in zip(("single / batch", "batch / again"), zip(*found, strict=True), strict=True):
        print(
            f"{database:10} {name:16} {statistics.median(values):.2f} [{min(values):.2f}-{max(values):.2f}]"
        )


def _postgres() -> str:
    urls = [databases.create_postgres(NAME.format(service=service)) for service in SERVICES]
    return urls[0].replace(NAME.format(service=SERVICES[0]), NAME)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    for database in [wanted.only] if wanted.only else ["sqlite", "postgresql"]:
        measure(database, wanted.rounds, wanted.clients)


if __name__ == "__main__":
    main()
