"""Pages and counts of open cases among ten thousand of them and among a million.

    PYTHONPATH=tools:tests python bench/queues.py [--few 10000] [--many 1000000] [--rounds 30] [--only sqlite]

One case is accepted on each database to learn what a row looks like; the others are copies of it, all of them
open, over a hundred communities of ten streets, with days and states of their own; each community has two
officers and two clerks. Of every twenty that are overdue one is asked after, at one of the four levels.
Ratios are those of the medians, as `bench/lists.py` measures them. Needs a PostgreSQL server.
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from lists import DISTRICT, STREET, compared, fill
from sqlalchemy import Connection, case, insert, literal, select, text

from casework.office import DEPARTMENT, Office, a_small_district
from onewindow_casework.app import SERVICE
from onewindow_casework.assignment.queues import queue
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.handling.queries import Filters, Order, several
from onewindow_casework.supervision.models import Supervision
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.contracts.supervision import Level
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.migrations import migrate, with_connection
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.scope import Scope
from onewindow_shared.plumbing.unit import Actor
from testkit import databases
from testkit.api import MONDAY, XIAN, Api, running

CASES, ASKED = table_of(CaseFile), table_of(Supervision)
STATES = [CaseStatus.ACCEPTED] * 20 + [CaseStatus.HANDLING] * 68 + [CaseStatus.TOLERANT_ACCEPTED] * 4
STATES += [CaseStatus.SUSPENDED] * 4 + [CaseStatus.DECIDED] * 4
"""How a hundred open cases stand."""
CLERK = Actor("clerk-0", "", frozenset({Role.WINDOW_CLERK}), Scope(area=XIAN))
AGENT = Actor("officer-0", "", frozenset({Role.AGENT_OFFICER}), Scope(area=XIAN))
HEAD = Actor("head.bench", "", frozenset({Role.STREET_SUPERVISOR}), Scope(area=STREET))
ADMIN = Actor("admin.bench", "", frozenset({Role.DISTRICT_ADMIN}), Scope(area=DISTRICT))
OFFICER = Actor(
    "officer.bench", "", frozenset({Role.DEPARTMENT_OFFICER}), Scope(area=DISTRICT, department=DEPARTMENT)
)


def _page(filters: Filters) -> Any:
    return lambda unit: several(unit, Wanted(), filters)


KINDS = {
    "counts of a community": (CLERK, queue),
    "counts of an officer": (AGENT, queue),
    "counts of a street": (HEAD, queue),
    "counts of a district": (ADMIN, queue),
    "counts of a department": (OFFICER, queue),
    "open, earliest due, community": (CLERK, _page(Filters(open=True))),
    "open, earliest due, district": (ADMIN, _page(Filters(open=True))),
    "open, earliest due, department": (OFFICER, _page(Filters(open=True))),
    "mine, earliest due": (AGENT, _page(Filters(open=True, assignee="me"))),
    "overdue of a street": (HEAD, _page(Filters(open=True, overdue=True))),
    "due before a day, district": (ADMIN, _page(Filters(open=True, due_before=MONDAY.date()))),
    "newest of a community": (CLERK, _page(Filters(order=Order.NEWEST))),
}


def copies(connection: Connection, size: int) -> Iterator[dict[str, Any]]:
    """Make open cases of the last two months."""
    found = dict(connection.execute(select(CASES)).mappings().one())
    del found["id"]
    rng = random.Random(size)
    for serial in range(size):
        place = rng.randrange(100)
        received = MONDAY - timedelta(days=60 * (size - serial) / size)
        street, due = f"{DISTRICT}{place // 10 + 2:03d}", received.date() + timedelta(days=28)
        late, handler = due < MONDAY.date(), f"officer-{2 * place + rng.randrange(2)}"
        officer = rng.random() < 0.8
        yield {
            **found,
            "case_no": case_number(XIAN, received.date(), serial),
            "status": rng.choice(STATES),
            "community": f"{street}{place % 10 + 1:03d}",
            "street": street,
            "department": rng.choice((DEPARTMENT, "health", "housing", "human_resources")),
            "handler": handler if officer else None,
            "handler_name": handler if officer else None,
            "first_contact_officer": f"clerk-{2 * place + rng.randrange(2)}",
            "first_contact_released_at": received if officer else None,
            "received_at": received,
            "accepted_at": received,
            "accepted_on": received.date(),
            "promised_due_on": due,
            "statutory_due_on": due + timedelta(days=14),
            "overdue": late,
            "overdue_on": due if late else None,
        }


def ask(connection: Connection) -> None:
    """Have somebody asked why one in twenty of the overdue cases is late."""
    c, day = CASES.c, MONDAY.date()
    level = case(dict(enumerate(Level)), value=c.id / 20 % len(Level))
    same = [c[name] for name in ("community", "street", "district", "department")]
    said: dict[str, Any] = {"version": 1, "kind": "overdue", "step": 0, "issued_level": "officer"}
    said |= {"issued_by": "system", "state": "asked", "days": 3}
    said |= dict.fromkeys(("since", "counted_from", "awaited_by"), day)
    values = {name: literal(value, ASKED.c[name].type) for name, value in said.items()}
    rows = select(c.id, level, *same, *values.values()).where(c.overdue, c.id % 20 == 0)
    names = ["case_id", "level", *(one.name for one in same), *values]
    connection.execute(insert(ASKED).from_select(names, rows))
    connection.execute(text("ANALYZE"))


def filled(stack: ExitStack, backend: str, size: int, folder: Path) -> Api:
    """Open the service on a database with so many open cases."""
    name = f"onewindow_bench_queues_{size}"
    url = databases.create_postgres(name) if backend == "postgresql" else f"sqlite:///{folder}/{name}"
    if backend == "postgresql":
        stack.callback(databases.drop_postgres, name)
    migrate("casework", url)
    api = stack.enter_context(running(SERVICE, url))
    api.system(a_small_district)
    Office(api, count(99_999)).accepted()
    with_connection(url, partial(fill, size=size, cases=CASES, copied=copies))
    with_connection(url, ask)
    return api


if __name__ == "__main__":
    compared(__doc__, filled, KINDS)
