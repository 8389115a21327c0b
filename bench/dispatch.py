"""What the dispatch guard costs where a district has few items and few communities, and where it has many.

    PYTHONPATH=tools:tests python bench/dispatch.py [--few 100 20] [--many 10000 2000] [--rounds 300]

One item is admitted and published on each database to learn what the rows look like; the others are copies of
it, a third each for the whole district, one street and four communities, on three versions of the lists, with
a year of paid instalments and time asked before. Then orders are sent as a use case of the service, in random
order at either size: one that goes through, one for a community that the item does not concern, one of an
item that waits for the next list, and one of an item that nobody admitted. Timed is the whole use case up to
its commit; a ratio is that of the medians. Needs a PostgreSQL server.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text

from casework.hall import DISTRICT
from casework.office import DEPARTMENT, open_office
from casework.purse import Purse
from onewindow_casework.admission.models import WorkItem
from onewindow_casework.funding.models import Instalment
from onewindow_casework.lists.models import ListEntry, ListEntryArea, ListVersion
from onewindow_casework.orders.models import AskedTime
from onewindow_casework.orders.service import dispatch
from onewindow_casework.seed import put_up_lists
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.admission import AssistingAction, CommunityRole
from onewindow_shared.contracts.orders import BarredOut, OrderIn
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import Scope, place
from onewindow_shared.plumbing.unit import Actor, Unit
from testkit import databases
from testkit.api import XIAN, Api

STREETS = 20
VERSIONS = 3
AT_ONCE = 5_000
OFFICER = Actor(
    "officer.bench",
    "",
    frozenset({Role.DEPARTMENT_OFFICER}),
    Scope(area=DISTRICT, department=DEPARTMENT),
    department=DEPARTMENT,
)
WANTED: Mapping[str, str | None] = {
    "sent": None,
    "out of the area": "OUT_OF_AREA",
    "on no list": "OUT_OF_LIST",
    "nobody's item": "NOT_ADMITTED",
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """A district's size."""

    items: int
    communities: int

    def community(self, n: int) -> str:
        """Return the nth community; they are spread over the streets."""
        n %= self.communities
        return f"{DISTRICT}{n % STREETS + 100:03d}{n // STREETS + 1:03d}"

    def areas(self, item: int) -> list[str]:
        """Return the areas of an item: the district, a street, or four communities."""
        first = self.community(item)
        return [[DISTRICT], [first[:9]], [self.community(item + n) for n in range(4)]][item % 3]


def code(item: int) -> str:
    return f"bench-{item:06d}"


def areas(size: Size) -> Iterator[Row]:
    for n in range(STREETS):
        yield {"code": f"{DISTRICT}{n + 100:03d}", "name": f"第{n}街道", "kind": "street", "revision": 0}
    for n in range(size.communities):
        name, kind = f"第{n}社区居委会", "residents_committee"
        yield {"code": size.community(n), "name": name, "kind": kind, "revision": 0}


def items(size: Size, row: Row, *, unlisted: bool) -> Iterator[Row]:
    """Yield items on the lists; or a tenth as many that are paid for and wait for the next one."""
    first, last = (size.items, size.items + size.items // 10) if unlisted else (0, size.items)
    for n in range(first, last):
        yield row | {
            "id": 10 + n,
            "serial": 10_000 + n,
            "code": code(n),
            "name": f"{row['name']}第{n}号",
            "areas": size.areas(n),
            "status": "funded" if unlisted else "active",
            "hours_per_year": 20_000,
        }


def entries(size: Size, row: Row, version: int) -> Iterator[Row]:
    for n in range(size.items):
        changed = {
            "code": code(n),
            "areas": size.areas(n),
            "workload": {"minutes_per_case": 30, "hours_per_year": 20_000},
        }
        yield row | {
            "id": version * 1_000_000 + n,
            "list_id": version,
            "code": code(n),
            "item_id": 10 + n,
            "card": row["card"] | changed,
        }


def entry_areas(size: Size, version: int) -> Iterator[Row]:
    for n in range(size.items):
        yield from ({"entry_id": version * 1_000_000 + n, "area": area} for area in set(size.areas(n)))


def instalments(size: Size) -> Iterator[Row]:
    """Yield four quarters of a year for every item, each for one community that it concerns."""
    for n in range(size.items):
        for quarter in range(4):
            starts = date(2026, 1 + 3 * quarter, 1)
            yield {
                "item": code(n),
                "department": DEPARTMENT,
                "period_from": starts,
                "period_to": starts + timedelta(days=85),
                "fen": 1000,
                "due_on": starts + timedelta(days=14),
                "provisional": False,
                "late": False,
                "paid_on": starts,
                **place(size.community(n)),
            }


def asked_before(size: Size) -> Iterator[Row]:
    for n in range(size.items):
        yield {
            "item": code(n),
            "year": 2026,
            "department": DEPARTMENT,
            "minutes": 60,
            **place(size.community(n)),
        }


def write(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    """Insert rows some at a time."""
    waiting: list[Row] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            connection.execute(insert(table), waiting)
            waiting.clear()
    if waiting:
        connection.execute(insert(table), waiting)


def filled(stack: ExitStack, backend: str, size: Size, folder: Path) -> Api:
    """Open the service on a database of a district of this size."""
    name = f"onewindow_bench_dispatch_{size.items}"
    url = databases.create_postgres(name) if backend == "postgresql" else f"sqlite:///{folder}/{name}"
    if backend == "postgresql":
        stack.callback(databases.drop_postgres, name)
    migrate("casework", url)
    office = stack.enter_context(open_office(url))
    office.api.system(put_up_lists, DISTRICT)
    Purse(office).active("pattern", areas=[XIAN])

    def fill(connection: Connection) -> None:
        item = dict(connection.execute(select(table_of(WorkItem))).mappings().one())
        pattern = select(table_of(ListEntry)).where(table_of(ListEntry).c.item_id.is_not(None))
        entry = dict(connection.execute(pattern).mappings().one())
        lists = list(connection.execute(select(table_of(ListVersion))).mappings())
        newest = max(one["number"] for one in lists)
        write(connection, table_of(Area), areas(size))
        for unlisted in (False, True):
            write(connection, table_of(WorkItem), items(size, item, unlisted=unlisted))
        for version in range(100, 100 + VERSIONS):
            new = dict(lists[-1]) | {"id": version, "number": newest + version}
            connection.execute(insert(table_of(ListVersion)), new)
            write(connection, table_of(ListEntry), entries(size, entry, version))
            write(connection, table_of(ListEntryArea), entry_areas(size, version))
        write(connection, table_of(Instalment), instalments(size))
        write(connection, table_of(AskedTime), asked_before(size))
        connection.execute(text("ANALYZE"))

    with_connection(url, fill)
    return office.api


def order(size: Size, kind: str, rng: random.Random) -> OrderIn:
    """Return an order of which the guard should say this."""
    item = 3 * rng.randrange(size.items // 3) + (2 if kind == "out of the area" else rng.randrange(3))
    place_ = size.community(item + (7 if kind == "out of the area" else 0))
    named = {"on no list": code(size.items + rng.randrange(size.items // 10)), "nobody's item": "unheard-of"}
    return OrderIn(
        item=named.get(kind, code(item)),
        community=place_,
        role=CommunityRole.ASSISTING,
        actions=[AssistingAction.VISIT],
        content="陪同评估员入户两户，了解老年人基本情况",
        minutes=1,
    )


def asked(api: Api, body: OrderIn) -> tuple[float, str | None]:
    """Return how many milliseconds a dispatch takes, and what the guard says."""

    def timed(unit: Unit) -> tuple[float, str | None]:
        started = time.perf_counter()
        answer = dispatch(unit, body)
        unit.session.flush()
        reason = answer.reason if isinstance(answer, BarredOut) else None
        return (time.perf_counter() - started) * 1000, reason

    assert api.client.portal is not None
    found: tuple[float, str | None] = api.client.portal.call(api.runtime.write, OFFICER, timed)
    return found


def compare(backend: str, sizes: Sequence[Size], rounds: int) -> None:
    rng = random.Random(7)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        apis = [filled(stack, backend, size, folder) for size in sizes]
        times: dict[str, tuple[list[float], ...]] = {kind: ([], []) for kind in WANTED}
        for _ in range(rounds):
            for kind in rng.sample(list(WANTED), len(WANTED)):
                for n in rng.sample(range(len(sizes)), len(sizes)):
                    took, reason = asked(apis[n], order(sizes[n], kind, rng))
                    assert reason == WANTED[kind], (kind, reason)
                    times[kind][n].append(took)
        for kind, both in times.items():
            few, many = (statistics.median(found[5:]) for found in both)
            print(f"{backend:<11} {kind:<16} {few:6.2f} ms {many:6.2f} ms  ratio {many / few:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--few", type=int, nargs=2, default=[100, 20], metavar=("ITEMS", "COMMUNITIES"))
    parser.add_argument(
        "--many", type=int, nargs=2, default=[10_000, 2_000], metavar=("ITEMS", "COMMUNITIES")
    )
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    told = parser.parse_args()
    for backend in [told.only] if told.only else ["sqlite", "postgresql"]:
        compare(backend, [Size(*told.few), Size(*told.many)], told.rounds)


if __name__ == "__main__":
    main()
