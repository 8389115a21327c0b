"""Whole lives of cases a second, from posting to closing, through the gateway, among a million stored.

    PYTHONPATH=tools:tests python bench/lifecycles.py [--cases 1000000] [--clients 16] [--rounds 5]

Per database two suites run, one that holds nothing and one that holds so many cases, nine of ten at their
end: with timeline, charge, decision and delivery, in intake and in casework. A life is what clerk, agent and
officer do with one case: it is posted and accepted at intake, its file is waited for in casework, then
claimed, started, decided, delivered and closed, each step with the version that the step before answered, by
several clients at once, each on a connection of its own. In each round either suite is driven, in random
order. Printed are the lives that ended in a second, the CPU that each process spent on one, how long each
step took, and the ratio of the two suites. Needs a PostgreSQL server.
"""

import argparse
import http.client
import json
import os
import random
import statistics
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from lists import OF_ONE_PERSON, fill
from posting import XIAN, database, rows_of
from sqlalchemy import Column, Connection, String, Table, cast, func, insert, select, text, update

from embedded import Suite
from embedded_environment import SERVICES
from gateway import cpu_seconds
from onewindow_casework.handling.models import CaseFile
from onewindow_intake.cases.models import Case
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.migrations import with_connection
from testkit import databases
from town import CASEWORK, INTAKE, UNLIMITED, Town, application, eventually, person

STORED = {"intake": table_of(Case), "casework": table_of(CaseFile)}
ITEM = "soc-temporary-shenyang"
OFFICERS = ("clerk.xian", "agent.xian", "officer.civil_affairs")
CLERK, AGENT, OFFICER = OFFICERS
STEPS: Sequence[tuple[str, str, Mapping[str, Any]]] = (
    (AGENT, "claim", {}),
    (AGENT, "start", {}),
    (OFFICER, "decision", {"outcome": "grant", "reasons": "符合条件"}),
    (CLERK, "delivery", {"method": "pick_up", "proof": "本人签收"}),
    (CLERK, "closure", {}),
)
WAIT = 0.02
"""Seconds before a client asks again for a file that is not open yet; then twice as long, and so on."""
LASTING = 1095
"""Days over which the stored cases were received."""
ENDED = 0.9
DISTRICT = XIAN[:6]


@dataclass
class Client:
    """One after the other lives, on one connection; and what they took."""

    address: str
    tokens: Mapping[str, str]
    forms: Iterator[bytes]
    ended: int = 0
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)

    def live(self, until: float) -> None:
        """Lead lives until a moment; the one that is under way then does not count."""
        while time.monotonic() < until:
            self.life()
            self.ended += time.monotonic() <= until

    def life(self, steps: Sequence[tuple[str, str, Mapping[str, Any]]] = STEPS) -> str:
        """Lead a case through these steps; return its number."""
        began = time.monotonic()
        key = {"Idempotency-Key": str(uuid.uuid4())}
        case_no = str(self._ask(CLERK, "POST", f"{INTAKE}/cases", next(self.forms), key)["case_no"])
        posted = self._noted("post", began)
        path = f"{CASEWORK}/cases/{case_no}"
        wait = WAIT
        while "version" not in (file := self._ask(AGENT, "GET", path, None, {})):
            Event().wait(wait)
            wait *= 2
        last = self._noted("open", posted)
        for who, step, body in steps:
            seen = {"If-Match": f'"{file["version"]}"'}
            file = self._ask(who, "POST", f"{path}/{step}", json.dumps(body).encode(), seen)
            last = self._noted(step, last)
        self._noted("life", began)
        return case_no

    def _ask(
        self, who: str, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {self.tokens[who]}", **headers}
        self._connection.request(method, path, body, sent)
        answer = self._connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
        assert answer.status < 300 or (method, answer.status) == ("GET", 404), found
        return found if answer.status < 300 else {}

    def _noted(self, what: str, since: float) -> float:
        now = time.monotonic()
        self.took[what].append((now - since) * 1000)
        return now


def copies(connection: Connection, size: int, cases: Table) -> Iterator[dict[str, Any]]:
    """Make cases like the two that are there, of the last three years and a hundred communities."""
    found = connection.execute(select(cases).order_by(cases.c.id)).mappings().all()
    ended, running = ({name: value for name, value in row.items() if name != "id"} for row in found)
    rng = random.Random(size)
    for serial in range(size):
        back, place = timedelta(days=LASTING * (size - serial) // size), rng.randrange(100)
        like = ended if rng.random() < ENDED else running
        row = {name: value - back if isinstance(value, date) else value for name, value in like.items()}
        row |= {"community": f"{DISTRICT}{place // 10 + 2:03d}{place % 10 + 1:03d}"}
        row |= {like: f"{like[0]}{serial}" for like in OF_ONE_PERSON if like in cases.c}
        row |= {"street": row["community"][:9], "case_no": case_number(XIAN, date(2020, 1, 1), serial)}
        yield row


def _with_their_rows(connection: Connection, cases: Table) -> None:
    """Give each copied case the rows that belong to the one that it was copied from."""
    ids = connection.execute(select(cases.c.id).order_by(cases.c.id).limit(2)).scalars().all()
    one, copy = cases.alias("one"), cases.alias("copy")
    for table in cases.metadata.sorted_tables:
        for key in (key for key in table.foreign_keys if key.column.table is cases):
            named = key.column.name
            new = {column.name: _another(column, copy.c.id) for column in table.c if _is_own(column)}
            new |= {key.parent.name: copy.c[named]}
            names = [
                c.name for c in table.c if c.name in new or not (c.primary_key and c.autoincrement is True)
            ]
            both = table.join(one, one.c[named] == key.parent).join(copy, copy.c.status == one.c.status)
            rows = select(*(new.get(name, table.c[name]) for name in names)).select_from(both)
            rows = rows.where(one.c.id.in_(ids), copy.c.id > max(ids))
            connection.execute(insert(table).from_select(names, rows))


def _is_counted(column: Column[Any]) -> bool:
    return column.primary_key and column.autoincrement is True


def _is_own(column: Column[Any]) -> bool:
    """Say whether a text is that row's alone."""
    alone = column.unique or any(
        list(one.columns) == [column] for one in column.table.constraints if hasattr(one, "columns")
    )
    return isinstance(column.type, String) and not column.foreign_keys and bool(alone or column.primary_key)


def _another(column: Column[Any], number: Column[Any]) -> Any:
    most = getattr(column.type, "length", None) or 64
    return func.substr(column, 1, most - 8) + cast(number, String)


def _store(connection: Connection, size: int, cases: Table) -> None:
    short = {like: cast(cases.c.id, String) for like in OF_ONE_PERSON if like in cases.c}
    if short:
        connection.execute(update(cases).values(short))
    fill(connection, size, cases, lambda known, most: copies(known, most, cases))
    _with_their_rows(connection, cases)
    connection.execute(text("ANALYZE"))


@dataclass
class Runner:
    """One suite under load, and what was measured round by round."""

    backend: str
    stored: int
    town: Town
    rates: list[float] = field(default_factory=list)
    spent: list[Counter[str]] = field(default_factory=list)
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        item = self.town.item(ITEM)
        forms = [application(item, XIAN, person(serial)) | {"accept": True} for serial in range(200)]
        self._forms = [json.dumps(form).encode() for form in forms]

    def store(self) -> None:
        """Put as many cases into intake and casework as are to be there."""
        client = self._clients(1)[0]
        numbers = [client.life(), client.life(STEPS[:2])]
        clerk = self.town.staff(CLERK)
        for case_no, status in zip(numbers, ("closed", "handling"), strict=True):
            path = f"{INTAKE}/cases/{case_no}"
            eventually(lambda path=path: clerk.read(path)["status"], lambda now, status=status: now == status)
        for service, cases in STORED.items():
            self.town.suite.stop(service)
            url = self.town.suite.plan.database_url(service)
            with_connection(url, partial(_store, size=self.stored, cases=cases))
            self.town.suite.start(service)
        self.town.suite.wait_ready(STORED)

    def round(self, clients: int, seconds: float) -> None:
        """Lead lives for so long."""
        several = self._clients(clients)
        before, until = self._cpu(), time.monotonic() + seconds
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(lambda one: one.live(until), several))
        all_ended = sum(len(one.took["life"]) for one in several)
        after = self._cpu()
        self.spent.append(Counter({who: (after[who] - before[who]) / all_ended * 1000 for who in after}))
        self.rates.append(sum(one.ended for one in several) / seconds)
        for one in several:
            for what, times in one.took.items():
                self.took[what] += times

    def _clients(self, several: int) -> list[Client]:
        tokens = {who: self.town.staff(who).token for who in OFFICERS}
        return [Client(self.town.suite.url, tokens, cycle(self._forms)) for _ in range(several)]

    def _cpu(self) -> Counter[str]:
        """Return the CPU seconds that each process has spent so far."""
        spent = Counter({name: cpu_seconds(self.town.suite.pid(name)) for name in SERVICES})
        spent["clients"] = time.process_time()
        if self.backend == "postgresql":
            for name in SERVICES:
                url = self.town.suite.plan.database_url(name)
                pids = rows_of(url, "SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                spent["postgresql"] += sum(_cpu_of(row["pid"]) for row in pids)
        return spent


def _cpu_of(pid: int) -> float:
    try:
        return cpu_seconds(pid)
    except FileNotFoundError:
        return 0.0


def _opened(stack: ExitStack, folder: Path, backend: str, stored: int) -> Runner:
    url = "sqlite"
    if backend == "postgresql":
        for service in SERVICES:
            url = database(f"onewindow_lives_{stored}_{service}")
            stack.callback(databases.drop_postgres, f"onewindow_lives_{stored}_{service}")
        url = f"{url.rpartition('_')[0]}_{{service}}"
    home = folder / f"{backend}-{stored}"
    settings = UNLIMITED | {"ONEWINDOW_LOG_LEVEL": "ERROR"}
    suite = stack.enter_context(Suite(home, database=url, base_port=0, settings=settings))
    runner = Runner(backend, stored, Town.open(suite, home / "codes"))
    if stored:
        runner.store()
    return runner


def _spread(values: Sequence[float], form: str = ".1f") -> str:
    return f"{statistics.median(values):{form}} [{min(values):{form}}-{max(values):{form}}]"


def _told(runner: Runner) -> None:
    print(f"{runner.backend}, {runner.stored:,} stored: {_spread(runner.rates)} lives/s")
    who = {name: statistics.median(one[name] for one in runner.spent) for name in runner.spent[0]}
    whole = _spread([sum(one.values()) for one in runner.spent])
    print(f"  CPU of a life {whole} ms: " + ", ".join(f"{name} {ms:.1f}" for name, ms in who.items()))
    for what, times in runner.took.items():
        ranked = sorted(times)
        tail = ranked[len(ranked) * 99 // 100]
        print(f"  {what:<10} median {statistics.median(ranked):7.1f}  p99 {tail:7.1f} ms")


def measure(backend: str, told: argparse.Namespace) -> None:
    """Measure on one database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        runners = [_opened(stack, folder, backend, stored) for stored in sorted({0, told.cases})]
        for _ in range(told.rounds):
            for runner in random.sample(runners, len(runners)):
                runner.round(told.clients, told.seconds)
        for runner in runners:
            _told(runner)
        few, many = runners[0], runners[-1]
        ratios = [much / little for much, little in zip(many.rates, few.rates, strict=True)]
        print(f"  ratio {_spread(ratios, '.2f')}, load {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    told = parser.parse_args()
    for backend in [told.only] if told.only else ["sqlite", "postgresql"]:
        measure(backend, told)


if __name__ == "__main__":
    main()
