"""How soon a case that intake has accepted is open in casework, and how fast a backlog of them is opened.

    python bench/opening.py [--rounds 4] [--seconds 5] [--rate 50] [--backlog 5000]

Two suites run, one on SQLite (synchronous=FULL) and one on PostgreSQL. In each round, in random order,
accepted cases are posted to either suite through its gateway at a steady pace over a few persistent
connections. A process of its own looks into the databases of intake and casework every half millisecond and
writes down when it first sees each case. A transaction is seen from its commit on, and casework answers from
the database with no copy in between: from the moment its file is seen a case can be read there (the last of
each round is). Printed are the milliseconds from the commit in intake to the open file, and from the 201 to
the open file (negative where the file was open first). Either moment is seen late by at most one look.

Then casework is stopped, cases gather in intake's outbox, and casework is started again: printed is how many
files it opens in a second from the first to the last.
"""

import argparse
import asyncio
import http.client
import json
import multiprocessing
import random
import sqlite3
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from posting import ADMIN, ITEM, XIAN

from embedded import Suite
from embedded_environment import SERVICES
from town import CASEWORK, INTAKE, UNLIMITED, Person, Town, application, eventually, person

CONNECTIONS = 4
SETTLING = 0.5
LOOK = "SELECT id, case_no FROM cases WHERE id > {} ORDER BY id"
COUNT = "SELECT 0, count(*) FROM cases WHERE id > {}"
OVERLAP = 64
"""Ids may be committed out of order by writers side by side; so many are looked at again."""
FRESH = multiprocessing.get_context("spawn")
Rows = list[tuple[int, Any]]
Look = Callable[[int], Awaitable[Rows]]


async def _eye(url: str, query: str) -> Look:
    """Return a function that reads what was committed after an id, cheaply."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        file = sqlite3.connect(f"file:{parts.path[1:]}?mode=ro", uri=True, isolation_level=None)

        async def read(after: int) -> Rows:
            return file.execute(query.format("?"), (after,)).fetchall()

        return read
    ask = await (await asyncpg.connect(url)).prepare(query.format("$1"))

    async def fetch(after: int) -> Rows:
        return [(row[0], row[1]) for row in await ask.fetch(after)]

    return fetch


async def _watch(urls: Mapping[str, str], stop: Any) -> dict[str, dict[str, float]]:
    """Write down when each new case is first seen in each database, until told to stop."""
    eyes = {name: await _eye(url, LOOK) for name, url in urls.items()}
    seen: dict[str, dict[str, float]] = {name: {} for name in eyes}
    last = {name: max((row[0] for row in await eye(0)), default=0) for name, eye in eyes.items()}
    floor = dict(last)
    while not stop.is_set():
        for name, eye in eyes.items():
            rows = await eye(max(floor[name], last[name] - OVERLAP))
            now = time.monotonic()
            for number, case_no in rows:
                seen[name].setdefault(case_no, now)
                last[name] = max(last[name], number)
        await asyncio.sleep(0.0005)
    return seen


def _watching(urls: Mapping[str, str], stop: Any, answer: Any) -> None:
    answer.send(asyncio.run(_watch(urls, stop)))


@dataclass
class Desk:
    """One persistent connection of a clerk to the gateway."""

    address: str
    token: str
    bodies: Sequence[bytes]
    answered: dict[str, float] = field(default_factory=dict)

    def post(self, moments: Sequence[float]) -> None:
        """Post a case at each of these moments."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        for moment in moments:
            Event().wait(max(0, moment - time.monotonic()))
            body = random.choice(self.bodies)  # noqa: TID251 - any of them
            key = {"Idempotency-Key": str(uuid.uuid4())}
            connection.request("POST", f"{INTAKE}/cases", body, headers | key)
            answer = connection.getresponse()
            made = json.loads(answer.read())
            assert answer.status == 201, made
            self.answered[made["case_no"]] = time.monotonic()
        connection.close()


@dataclass
class Runner:
    """One suite under load, and what was measured."""

    name: str
    town: Town
    opened: list[list[float]] = field(default_factory=list)
    answered: list[list[float]] = field(default_factory=list)

    def url(self, service: str) -> str:
        return self.town.suite.plan.database_url(service)

    def desks(self) -> list[Desk]:
        item, token = self.town.item(ITEM), self.town.staff("clerk.xian").token
        forms = [application(item, XIAN, person(serial)) | {"accept": True} for serial in range(200)]
        bodies = [json.dumps(form).encode() for form in forms]
        return [Desk(self.town.suite.url, token, bodies) for _ in range(CONNECTIONS)]

    def round(self, rate: float, seconds: float) -> None:
        """Post at a steady pace, and keep the milliseconds that each case took."""
        mine, its = FRESH.Pipe()
        stop = FRESH.Event()
        urls = {service: self.url(service) for service in ("intake", "casework")}
        eyes = FRESH.Process(target=_watching, args=(urls, stop, its))
        eyes.start()
        try:
            posted = self._paced(rate, seconds)
            self._read_in_casework(next(reversed(posted)))
        finally:
            stop.set()
        seen: dict[str, dict[str, float]] = mine.recv()
        eyes.join()
        begun, opened = seen["intake"], seen["casework"]
        self.opened.append([(opened[case] - begun[case]) * 1000 for case in posted])
        self.answered.append([(opened[case] - moment) * 1000 for case, moment in posted.items()])

    def _paced(self, rate: float, seconds: float) -> dict[str, float]:
        desks, start = self.desks(), time.monotonic() + 1.5
        moments = [start + n / rate for n in range(round(rate * seconds))]
        with ThreadPoolExecutor(len(desks)) as pool:
            list(pool.map(lambda n: desks[n].post(moments[n :: len(desks)]), range(len(desks))))
        posted = {case: moment for desk in desks for case, moment in desk.answered.items()}
        return dict(sorted(posted.items(), key=lambda one: one[1]))

    def _read_in_casework(self, case_no: str) -> None:
        """Read the file past the gateway; by then every earlier one is there too, but let stragglers come."""
        officer = Person(self.town.http, self.town.staff("agent.xian").token)
        address = self.town.suite.address("casework")
        path = f"{address}{CASEWORK}/cases/{case_no}"
        eventually(lambda: officer.get(path).status_code, lambda status: status == 200)
        Event().wait(SETTLING)

    def backlog(self, cases: int) -> float:
        """Let cases gather while casework is stopped; return how many it opens in a second afterwards."""
        self.town.suite.stop("casework")
        before = asyncio.run(_until(self.url("casework"), 0))[1]
        self._gather(cases)
        self.town.suite.start("casework")
        rate = asyncio.run(_pace(self.url("casework"), before, before + cases))
        self.town.suite.wait_ready(["casework"])
        return rate

    def _gather(self, cases: int) -> None:
        desks = self.desks()
        for desk in desks:
            desk.bodies = desk.bodies[:50]
        with ThreadPoolExecutor(len(desks)) as pool:
            list(pool.map(lambda desk: desk.post([0.0] * (cases // len(desks))), desks))


async def _until(url: str, wanted: int) -> tuple[float, int]:
    """Wait until casework holds so many files; return the moment and how many there are."""
    count = await _eye(url, COUNT)
    while (found := (await count(0))[0][1]) < wanted:  # noqa: ASYNC110 - another process opens them
        await asyncio.sleep(0.002)
    return time.monotonic(), found


async def _pace(url: str, before: int, wanted: int) -> float:
    began, first = await _until(url, before + 1)
    ended, _ = await _until(url, wanted)
    return (wanted - first) / (ended - began)


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _line(name: str, rounds: Sequence[Sequence[float]]) -> str:
    every = [value for one in rounds for value in one]
    medians, tails = [statistics.median(one) for one in rounds], [_at(one, 0.99) for one in rounds]
    return (
        f"  {name:<26} median {statistics.median(every):6.1f} [{min(medians):.1f}-{max(medians):.1f}]"
        f"  p95 {_at(every, 0.95):6.1f}  p99 {_at(every, 0.99):6.1f} [{min(tails):.1f}-{max(tails):.1f}]"
        f"  worst {max(every):6.1f} ms  ({len(every)} cases)"
    )


async def _fresh_databases() -> str:
    connection = await asyncpg.connect(ADMIN)
    for service in SERVICES:
        name = f"onewindow_opening_{service}"
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    return f"{ADMIN.rpartition('/')[0]}/onewindow_opening_{{service}}"


def _start(stack: ExitStack, folder: Path, name: str, database: str) -> Runner:
    home = folder / name
    settings = UNLIMITED | {"ONEWINDOW_LOG_LEVEL": "ERROR"}
    suite = stack.enter_context(Suite(home, database=database, base_port=0, settings=settings))
    return Runner(name, Town.open(suite, home / "codes"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--backlog", type=int, default=5000)
    told = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        template = asyncio.run(_fresh_databases())
        runners = [
            _start(stack, folder, "SQLite", "sqlite"),
            _start(stack, folder, "PostgreSQL", template),
        ]
        for _ in range(told.rounds):
            for runner in random.sample(runners, len(runners)):
                runner.round(told.rate, told.seconds)
        for runner in runners:
            print(f"{runner.name}, {told.rate:g} cases/s, {told.rounds} rounds of {told.seconds:g} s")
            if told.rounds:
                print(_line("commit to open file", runner.opened))
                print(_line("201 to open file", runner.answered))
            if told.backlog:
                print(f"  backlog of {told.backlog}: {runner.backlog(told.backlog):,.0f} files/s", flush=True)


if __name__ == "__main__":
    main()
