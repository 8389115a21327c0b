"""Pages of lists and searches among ten thousand and among a million cases.

    PYTHONPATH=tools:tests python bench/lists.py [--few 10000] [--many 1000000] [--rounds 30] [--only sqlite]

One case is posted on each database to learn what a row looks like; the others are copies of it with numbers,
places, items, states and days of their own, written in bulk. Then every kind of page is asked for as a use
case of the service, in random order, at either size; a ratio is that of the medians. Needs a PostgreSQL
server.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, String, Table, and_, case, cast, func, insert, select, text
from stdnum.iso7064 import mod_11_10

from intake.conftest import REGISTER, calendar
from intake.window import NO_PAPERS, person, somebody
from onewindow_intake.app import SERVICE
from onewindow_intake.cases.models import Case
from onewindow_intake.catalogue.models import ItemVersion
from onewindow_intake.duplicates.service import earlier
from onewindow_intake.seed import seed
from onewindow_intake.worklists.service import several
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.duplicates import DuplicatesIn
from onewindow_shared.contracts.intake import Channel
from onewindow_shared.contracts.lifecycle import ENDS, CaseStatus
from onewindow_shared.contracts.worklists import CaseFilter, CaseSort
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.scope import Scope
from onewindow_shared.plumbing.unit import Actor, Unit
from testkit import databases
from testkit.api import MONDAY, XIAN, Api, running

Copied = Callable[[Connection, int], Iterator[dict[str, Any]]]
Filled = Callable[[ExitStack, str, int, Path], Api]
Kinds = Mapping[str, tuple[Actor, Callable[[Unit], object]]]
CASES = table_of(Case)
BLOCK, AT_ONCE = 10_000, 2_000
PLACE = 6
"""Digits of a number that tell its district."""
ITEM = (
    ItemVersion.item_code,
    ItemVersion.number.label("item_version"),
    ItemVersion.name.label("item_name"),
    ItemVersion.category,
    ItemVersion.department,
)
ENDS_OF_NUMBERS = 150
"""Ends that the numbers of cases have: the day's serials are small."""
STATES = [CaseStatus.CLOSED] * 90 + [CaseStatus.RECEIVED] * 3 + [CaseStatus.ACCEPTED] * 4
STATES += [CaseStatus.CORRECTION, CaseStatus.WITHDRAWN, CaseStatus.HANDLING]
"""How a hundred cases stand."""
OF_ONE_PERSON = ("applicant_index", "mobile_index", "address_index")
DISTRICT, STREET = XIAN[:6], XIAN[:9]
APPLICATION = {"item_code": NO_PAPERS, "community": XIAN, "applicant": person()}
PAGES: dict[str, tuple[str, CaseFilter | DuplicatesIn]] = {
    "newest of the district": (DISTRICT, CaseFilter()),
    "newest of a community": (XIAN, CaseFilter()),
    "received in a month, long ago": (DISTRICT, CaseFilter(received_to=MONDAY.date() - timedelta(days=700))),
    "awaiting a notice": (DISTRICT, CaseFilter(sort=CaseSort.NOTICE)),
    "undecided about an earlier case": (DISTRICT, CaseFilter(undecided=True)),
    "open, earliest due": (DISTRICT, CaseFilter(sort=CaseSort.DUE)),
    "overdue": (STREET, CaseFilter(overdue=True)),
    "waiting for corrections": (DISTRICT, CaseFilter(status=(CaseStatus.CORRECTION,))),
    "of an officer": (DISTRICT, CaseFilter(responsible_officer="officer-7")),
    "one channel and two states": (
        STREET,
        CaseFilter(channel=Channel.PHONE, status=(CaseStatus.CLOSED, CaseStatus.WITHDRAWN)),
    ),
    "two open states": (STREET, CaseFilter(status=(CaseStatus.RECEIVED, CaseStatus.HANDLING))),
    "overdue of the district": (DISTRICT, CaseFilter(overdue=True)),
    "one item": (DISTRICT, CaseFilter(item=NO_PAPERS)),
    "words: an item": (DISTRICT, CaseFilter(q="调解")),
    "words: many items": (DISTRICT, CaseFilter(q="补贴")),
    "words: a state": (DISTRICT, CaseFilter(q="撤回")),
    "words: an item and a state": (DISTRICT, CaseFilter(q="调解 办结")),
    "words: the end of the number": (DISTRICT, CaseFilter(q="000077")),
    "the end of the number, a community": (XIAN, CaseFilter(q="000077")),
    "words that nothing has": (DISTRICT, CaseFilter(q="不存在")),
    "earlier cases of a person": (XIAN, DuplicatesIn.model_validate(APPLICATION)),
}


def copies(connection: Connection, size: int) -> Iterator[dict[str, Any]]:
    """Make cases of the last three years, of every item, over a hundred communities of ten streets."""
    found = dict(connection.execute(select(CASES)).mappings().one())
    del found["id"]
    items = connection.execute(select(*ITEM)).mappings().all()
    rng = random.Random(size)
    for serial in range(size):
        state, place = rng.choice(STATES), rng.randrange(100)
        received = MONDAY - timedelta(days=1095 * (size - serial) / size)
        street = f"{DISTRICT}{place // 10 + 2:03d}"
        yield {
            **found,
            **rng.choice(items),
            "case_no": f"7{serial:019d}{serial % ENDS_OF_NUMBERS:06d}",
            "number_end": f"{serial % ENDS_OF_NUMBERS:06d}",
            "applicant_index": f"a{serial}",
            "mobile_index": f"m{serial}",
            "address_index": f"h{serial}",
            "sound_index": f"s{rng.randrange(500)}",
            "status": state,
            "community": f"{street}{place % 10 + 1:03d}",
            "street": street,
            "channel": rng.choice(("window", "phone", "web")),
            "responsible_officer": f"officer-{rng.randrange(200)}",
            "received_at": received,
            "received_on": received.date(),
            "notice_due_at": received + timedelta(days=7),
            "answer_due_at": received + timedelta(days=7),
            "due_on": received.date() + timedelta(days=30),
            "ended_on": received.date() if state in ENDS else None,
            "correction_due_at": received + timedelta(days=20),
            "undecided_about": found["case_no"] if serial % 100 == 0 else None,
        }


def _like(place: str, most: int) -> list[str]:
    """Return other places that may stand before a number without its check digit becoming wrong."""
    others = (f"{n:0{PLACE}d}" for n in range(10**PLACE))
    same = (other for other in others if mod_11_10.checksum(other) == mod_11_10.checksum(place))
    return [other for other in islice(same, most + 1) if other != place]


def fill(connection: Connection, size: int, cases: Table, copied: Copied) -> None:
    """Copy the one case that is there; what is more than a block is copied again inside the database.

    Indexes are made afterwards: filling them row by row takes SQLite many times as long.
    """
    for index in cases.indexes:
        index.drop(connection)
    rows = copied(connection, min(size, BLOCK))
    while some := list(islice(rows, AT_ONCE)):
        connection.execute(insert(cases), some)
    if size > BLOCK:
        one, block = cases.alias("one"), cases.alias("block")
        first = connection.execute(select(cases.c.case_no).order_by(cases.c.id.desc())).scalars().first()
        places = dict(enumerate(_like(str(first)[:PLACE], size // BLOCK), start=1))
        new = {"case_no": case(places, value=block.c.id) + func.substr(one.c.case_no, PLACE + 1)}
        new |= {like: one.c[like] + cast(block.c.id, String) for like in OF_ONE_PERSON if like in cases.c}
        names = [column.name for column in cases.c if column.name != "id"]
        both = one.join(block, and_(one.c.case_no.startswith(str(first)[:PLACE]), block.c.id < size // BLOCK))
        more = select(*(new.get(name, one.c[name]) for name in names)).select_from(both)
        connection.execute(insert(cases).from_select(names, more.order_by(one.c.received_at, block.c.id)))
    for index in cases.indexes:
        index.create(connection)
    connection.execute(text("ANALYZE"))


def opened(stack: ExitStack, backend: str, name: str, folder: Path, **settings: Any) -> tuple[Api, str]:
    """Open the service with its catalogue on a database of its own; return it and the database's address."""
    url = databases.create_postgres(name) if backend == "postgresql" else f"sqlite:///{folder}/{name}"
    if backend == "postgresql":
        stack.callback(databases.drop_postgres, name)
    migrate("intake", url)
    api = stack.enter_context(running(SERVICE, url, **settings))
    api.system(seed)
    api.receive(*REGISTER, calendar(2026), source="casework")
    return api, url


def filled(stack: ExitStack, backend: str, size: int, folder: Path) -> Api:
    """Open the service on a database with so many cases."""
    api, url = opened(stack, backend, f"onewindow_bench_lists_{size}", folder)
    somebody(api, Role.WINDOW_CLERK, XIAN).posted(item=NO_PAPERS, accept=True)
    with_connection(url, partial(fill, size=size, cases=CASES, copied=copies))
    return api


def asked(api: Api, actor: Actor, ask: Callable[[Unit], object]) -> float:
    """Return how many milliseconds a use case takes, past the connection and the session."""

    def timed(unit: Unit) -> float:
        started = time.perf_counter()
        ask(unit)
        return (time.perf_counter() - started) * 1000

    assert api.client.portal is not None
    found: float = api.client.portal.call(api.runtime.read, actor, timed)
    return found


def compare(backend: str, told: argparse.Namespace, filled: Filled, kinds: Kinds) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        few, many = (filled(stack, backend, size, folder) for size in (told.few, told.many))
        times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in kinds}
        for _ in range(told.rounds):
            for name in random.sample(list(kinds), len(kinds)):
                for api, found in zip((few, many), times[name], strict=True):
                    found.append(asked(api, *kinds[name]))
        for name, both in times.items():
            small, large = (statistics.median(found[2:]) for found in both)
            ratio = f"{small:6.1f} ms {large:6.1f} ms  ratio {large / small:.2f}"
            print(f"{backend:<11} {name:<36} {ratio}", flush=True)


def compared(said: str | None, filled: Filled, kinds: Kinds) -> None:
    """Measure every kind of question at either size on each database asked for, and print the ratios."""
    parser = argparse.ArgumentParser(description=said, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    told = parser.parse_args()
    for backend in [told.only] if told.only else ["sqlite", "postgresql"]:
        compare(backend, told, filled, kinds)


def _page(area: str, chosen: CaseFilter | DuplicatesIn) -> tuple[Actor, Callable[[Unit], object]]:
    actor = Actor("clerk.bench", "", frozenset({Role.WINDOW_CLERK}), Scope(area=area))
    if isinstance(chosen, DuplicatesIn):
        return actor, lambda unit: earlier(unit, chosen, actor.scope)
    return actor, lambda unit: several(unit, Wanted(), chosen)


if __name__ == "__main__":
    compared(__doc__, filled, {name: _page(*asked_for) for name, asked_for in PAGES.items()})
