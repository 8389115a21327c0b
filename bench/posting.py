"""Posting a case through the gateway, beside pgbench running the very same inserts.

    python bench/posting.py [--rounds 5] [--seconds 3] [--clients 32] [--million]

Two suites run, one on PostgreSQL and one on SQLite (synchronous=FULL). One case is posted to learn which rows
a post writes; from these rows a pgbench script is made that inserts the same rows, with keys of its own, in
one transaction. In each round wrk posts to either suite and pgbench runs its script, in random order and with
as many clients; every ratio is taken inside its round. `--million` also compares pgbench's inserts into a
table that holds a million cases with those into an empty one. Needs wrk, pgbench and a PostgreSQL server.
"""

import argparse
import asyncio
import json
import random
import re
import statistics
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from embedded import Suite
from embedded_environment import SERVICES
from town import INTAKE, UNLIMITED, Town, application, person

ADMIN = "postgresql://postgres@127.0.0.1:5432/postgres"
ITEM, XIAN = "soc-subsistence-national", "330902002001"
BODIES = 500
TABLES = (
    "idempotency_keys",
    "cases",
    "case_timeline",
    "issued_papers",
    "audit",
    "rollup_deltas",
    "timers",
    "outbox",
)
UNIQUE = {"key", "case_no", "event_id", "entity_id", "number", "token_index"}
"""Columns that get a new value in every transaction of pgbench."""
NUMBER = "lpad(:n::text, 26, '0')"
MILLION = 1_000_000

WRK = """
local bodies = {}
for line in io.lines("%(bodies)s") do bodies[#bodies + 1] = line end
local n = 0
request = function()
  n = n + 1
  wrk.headers["Idempotency-Key"] = "%(run)s-" .. n
  return wrk.format("POST", "/api/intake/v1/cases", nil, bodies[n %% #bodies + 1])
end
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %(token)s"
local refused = 0
response = function(status) if status ~= 201 then refused = refused + 1; print("refused " .. status) end end
"""


async def _sql(url: str, *statements: str) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return [await connection.fetch(statement) for statement in statements]
    finally:
        await connection.close()


def database(name: str) -> str:
    """Create an empty database of that name, dropping an older one; return its URL."""
    asyncio.run(_sql(ADMIN, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"'))
    return ADMIN.rpartition("/")[0] + f"/{name}"


def _bodies(town: Town, folder: Path) -> Path:
    forms = [
        application(town.item(ITEM), XIAN, person(serial)) | {"accept": True} for serial in range(BODIES)
    ]
    file = folder / "bodies"
    file.write_text("\n".join(json.dumps(form, ensure_ascii=False) for form in forms), encoding="utf-8")
    return file


def _literal(value: object) -> str:
    """Write a value so that pgbench sees no variable in it: it looks for colons even inside of quotes."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value).lower()
    text = f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\003A")
    return f"U&'{escaped}'"


def rows_of(url: str, query: str) -> list[Any]:
    """Return what a query finds."""
    found: list[Any] = asyncio.run(_sql(url, query))[0]
    return found


def pgbench_script(url: str) -> str:
    """Write the inserts that posting one case made, with keys of their own."""
    lines = ["\\set n random(1, 1000000000000000)", "BEGIN;"]
    for table in TABLES:
        only = " WHERE action LIKE 'case.%'" if table == "audit" else ""
        rows = asyncio.run(_sql(url, f"SELECT * FROM {table}{only}"))[0]  # noqa: S608 - our own tables
        lines += [
            _insert(table, {name: value for name, value in row.items() if name != "id"}, place)
            for place, row in enumerate(rows)
        ]
    return "\n".join([*lines, "COMMIT;", ""])


def _insert(table: str, row: dict[str, Any], place: int) -> str:
    values = {name: _literal(value) for name, value in row.items()}
    for name in values.keys() & UNIQUE:
        values[name] = NUMBER if name == "case_no" else f"'b' || :n || '-{table[:3]}{place}'"
    names = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(values.values())});"  # noqa: S608 - our own


def _pgbench(url: str, script: Path, told: argparse.Namespace) -> float:
    command = ["pgbench", "-n", "-M", "prepared", "-c", str(told.clients), "-j", "2"]
    command += ["-T", str(told.seconds), "-f", str(script), url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:2000]
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def _wrk(url: str, bodies: Path, token: str, told: argparse.Namespace) -> float:
    script = bodies.with_suffix(".lua")
    facts = {"bodies": bodies, "run": uuid.uuid4(), "token": token}
    script.write_text(WRK % facts, encoding="utf-8")
    command = ["wrk", "-t1", f"-c{told.clients}", f"-d{told.seconds}s", "-s", str(script), url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "refused" not in done.stdout, done.stdout[:500]
    found = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Median and extremes."""
    return f"{statistics.median(values):{form}} [{min(values):{form}}-{max(values):{form}}]"


def _fill(url: str, script: str) -> None:
    """Put a million cases into an empty table."""
    row = next(line for line in script.splitlines() if line.startswith("INSERT INTO cases"))
    into, _, values = row.removesuffix(");").partition(" VALUES (")
    numbered = values.replace(NUMBER, "lpad('7' || n, 26, '0')")
    many = f"{into} SELECT {numbered} FROM generate_series(1, {MILLION}) n"  # noqa: S608 - our own
    asyncio.run(_sql(url, many, "ANALYZE cases", "CHECKPOINT"))


def _copy(url: str, name: str) -> str:
    """Copy a database that nobody writes to, without its cases."""
    dump = subprocess.run(["pg_dump", "--dbname", url], capture_output=True, check=True).stdout
    copy = database(name)
    subprocess.run(["psql", "-q", "--dbname", copy], input=dump, capture_output=True, check=True)
    asyncio.run(_sql(copy, f"TRUNCATE {', '.join(TABLES)} CASCADE"))
    return copy


def million(url: str, script: Path, told: argparse.Namespace) -> None:
    """Compare inserts into a table of a million cases with inserts into an empty one."""
    empty, full = _copy(url, "onewindow_bench_empty"), _copy(url, "onewindow_bench_full")
    _fill(full, script.read_text(encoding="utf-8"))
    ratios = []
    for _ in range(told.rounds):
        order = [empty, full]
        random.shuffle(order)
        found = {target: _pgbench(target, script, told) for target in order}
        ratios.append(found[full] / found[empty])
    print(f"insert into a million cases / into none   {spread(ratios)}")


@dataclass
class Runner:
    """One suite under load."""

    name: str
    town: Town
    bodies: Path

    def post(self, told: argparse.Namespace) -> float:
        token = self.town.staff("clerk.xian").token
        return _wrk(self.town.suite.url, self.bodies, token, told)


def _start(stack: ExitStack, folder: Path, name: str, database: str) -> Runner:
    home = folder / name
    settings = UNLIMITED | {"ONEWINDOW_LOG_LEVEL": "ERROR"}
    suite = stack.enter_context(Suite(home, database=database, base_port=0, settings=settings))
    town = Town.open(suite, home / "codes")
    return Runner(name, town, _bodies(town, home))


def compare(runners: Sequence[Runner], url: str, script: Path, told: argparse.Namespace) -> None:
    """Run the rounds, and print each suite's share of pgbench."""
    rates: dict[str, list[float]] = {"pgbench": [], **{runner.name: [] for runner in runners}}
    tasks: list[tuple[str, Callable[[], float]]] = [("pgbench", lambda: _pgbench(url, script, told))]
    tasks += [(runner.name, partial(runner.post, told)) for runner in runners]
    for _ in range(told.rounds):
        random.shuffle(tasks)
        for name, task in tasks:
            rates[name].append(task())
    print(f"{'pgbench':<32} {spread(rates['pgbench'], ',.0f')} transactions/s")
    for runner in runners:
        ratios = [mine / its for mine, its in zip(rates[runner.name], rates["pgbench"], strict=True)]
        print(f"{runner.name:<32} {spread(rates[runner.name], ',.0f')} cases/s, ratio {spread(ratios)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--million", action="store_true")
    told = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {service: database(f"onewindow_bench_{service}") for service in SERVICES}
        template = urls["intake"].replace("intake", "{service}")
        runners = [
            _start(stack, folder, "PostgreSQL", template),
            _start(stack, folder, "SQLite", "sqlite"),
        ]
        clerk = runners[0].town.staff("clerk.xian")
        form = json.loads(runners[0].bodies.read_text(encoding="utf-8").splitlines()[0])
        for runner in runners:
            runner.town.suite.stop("casework")
        clerk.made(f"{INTAKE}/cases", form)
        script = folder / "pgbench.sql"
        script.write_text(pgbench_script(urls["intake"]), encoding="utf-8")
        beside = _copy(urls["intake"], "onewindow_bench_beside")
        print(f"{told.clients} clients, casework stopped (its events wait in the outbox)")
        compare(runners, beside, script, told)
        if told.million:
            million(beside, script, told)


if __name__ == "__main__":
    main()
