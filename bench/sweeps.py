"""What it costs to sweep the timers of cases that fell late while the service was down, beside a bare UPDATE.

    PYTHONPATH=tools:tests python bench/sweeps.py [--timers 100000] [--rounds 3]

So many cases are opened by event on a fresh database, and the service comes back when their promised day is
long over. Timed are the sweeps until nothing is due: each case is flagged, counted and told, its delay and
every level that it came to are written down and audited, a hundred timers a transaction. Beside it, after
each round, as many rows of a table are updated one by one by their key, a hundred a transaction as well. The
ratio is that of timers per second to rows per second; so is that of the CPU of this process for a row to that
for a timer, which other work on the machine disturbs less. Needs a PostgreSQL server.
"""

import argparse
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from sqlalchemy import text

from casework.office import Office, furnished, open_office
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.timers import SWEPT_AT_ONCE
from onewindow_shared.plumbing.unit import Unit
from testkit import databases
from testkit.api import DONGSHAN, KAIYUAN, XIAN

AT_ONCE = 200
COMMUNITIES, OF_A_COMMUNITY = (XIAN, KAIYUAN, DONGSHAN), 50_000
POSTGRES = "onewindow_bench_sweeps"


def open_cases(office: Office, cases: int) -> None:
    """Open so many cases whose promised day is tomorrow, community by community."""
    office.serials = cycle(range(1, OF_A_COMMUNITY + 1))
    for start in range(0, cases, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, cases))
        events = [
            office.event(promised_days=1, community=COMMUNITIES[number // OF_A_COMMUNITY])
            for number in numbers
        ]
        office.api.receive(*events, source="intake")


@dataclass(frozen=True)
class Pace:
    """How many were done in a second, and in a second of this process's CPU."""

    each_second: float
    each_second_of_cpu: float


class Watch:
    """Measures the pace of something from now on."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def pace(self, done: int) -> Pace:
        return Pace(done / (time.perf_counter() - self._began), done / (time.process_time() - self._cpu))


def swept(office: Office) -> Pace:
    """Let the service come back after weeks, and fire all timers."""
    office.api.clock.pass_(days=30)
    watch, fired = Watch(), 0
    while several := office.api.tick():
        fired += several
    return watch.pace(fired)


def updated(office: Office, rows: int) -> Pace:
    """Update as many rows one by one."""

    def prepare(unit: Unit) -> None:
        unit.session.execute(text("CREATE TABLE bench_rows (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"))
        numbers = [{"id": number} for number in range(rows)]
        unit.session.execute(text("INSERT INTO bench_rows VALUES (:id, 0)"), numbers)

    def slice_(unit: Unit, start: int) -> None:
        for number in range(start, min(start + SWEPT_AT_ONCE, rows)):
            unit.session.execute(text("UPDATE bench_rows SET n = n + 1 WHERE id = :id"), {"id": number})

    office.api.system(prepare)
    watch = Watch()
    for start in range(0, rows, SWEPT_AT_ONCE):
        office.api.system(slice_, start)
    pace = watch.pace(rows)
    office.api.system(lambda unit: unit.session.execute(text("DROP TABLE bench_rows")) and None)
    return pace


def measure(url: str, timers: int) -> tuple[Pace, Pace]:
    """Return the pace of timers and of rows on a fresh database."""
    migrate("casework", url)
    furnished(url)
    with open_office(url) as office:
        open_cases(office, timers)
        return swept(office), updated(office, timers)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--timers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    found: dict[str, list[tuple[Pace, Pace]]] = {"SQLite": [], "PostgreSQL": []}
    for _ in range(told.rounds):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            found["SQLite"].append(measure(f"sqlite:///{folder / 'sweeps.sqlite3'}", told.timers))
            stack.callback(databases.drop_postgres, POSTGRES)
            found["PostgreSQL"].append(measure(databases.create_postgres(POSTGRES), told.timers))
    print(f"{told.timers} timers, {told.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    for name, rounds in found.items():
        ratios = [timers.each_second / rows.each_second for timers, rows in rounds]
        cpu = [timers.each_second_of_cpu / rows.each_second_of_cpu for timers, rows in rounds]
        print(
            f"  {name:<11} {statistics.median(timers.each_second for timers, _ in rounds):7.0f} timers/s"
            f"  {statistics.median(rows.each_second for _, rows in rounds):7.0f} rows/s"
            f"  ratio {statistics.median(ratios):.3f} [{min(ratios):.3f}-{max(ratios):.3f}]"
            f"  by CPU {statistics.median(cpu):.3f} [{min(cpu):.3f}-{max(cpu):.3f}]"
        )


if __name__ == "__main__":
    main()
