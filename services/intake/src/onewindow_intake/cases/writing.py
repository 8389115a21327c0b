"""Writes the rows of many applications in one transaction.

PostgreSQL gets one statement for all of them, since every round trip costs it more than the rows do; it
knows no old keys and fails as a whole. What fails, and everything on SQLite, is written table by table.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from onewindow_intake.cases.drafts import Draft, Row
from onewindow_intake.cases.models import Case, Entry
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.idempotency import IdempotencyRecord
from onewindow_shared.plumbing.outbox import OutboxRecord
from onewindow_shared.plumbing.rollups import RollupDelta, delta
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.unit import Unit


def _table(model: Any) -> Table:
    return cast("Table", model.__table__)


KEYS = _table(IdempotencyRecord)
TABLES = tuple(map(_table, (Case, Entry, AuditRecord, RollupDelta, Timer, OutboxRecord)))
LATER = frozenset(
    {"id", "position", "hash", "lease", "leased_until", "declared_at", "correction_due_at", "ended_on"}
    | {"progressed_at", "progressed_version"}
)
"""Columns that posting leaves to the database or to what comes later."""


@dataclass(frozen=True)
class Kept:
    """The answer that is stored under a key."""

    fingerprint: str
    body: bytes
    old: bool
    """It was there before this request."""


def answer_under(unit: Unit, subject: str, key: str) -> Kept | None:
    """Return the answer that an account got under a key."""
    known = unit.session.get(IdempotencyRecord, (subject, key))
    return None if known is None else Kept(known.fingerprint, known.body, old=True)


def write_new(unit: Unit, drafts: Sequence[Draft]) -> list[Kept]:
    """Write applications in one statement; raise `IntegrityError` if a key was used before."""
    values: dict[str, Any] = {}
    for table, rows in {KEYS: [draft.record for draft in drafts], **_rows(drafts)}.items():
        values |= {_name(column): [row[column.name] for row in rows] for column in _columns(table)}
    unit.session.connection().execute(_into_all_tables(), values)
    return [_stored(draft) for draft in drafts]


@cache
def _into_all_tables() -> postgresql.Insert:
    first, *others = (_into(table) for table in (KEYS, *TABLES))
    return first.add_cte(*(other.cte(f"into_{other.table.name}") for other in others))


def _into(table: Table) -> postgresql.Insert:
    columns = _columns(table)
    rows = select(*(func.unnest(_array(column)) for column in columns))
    names = [column.name for column in columns]
    return postgresql.insert(table).from_select(names, rows, include_defaults=False)


def _array(column: Column[Any]) -> BindParameter[Any]:
    """Return the parameter of a column's values; texts without a length, which a cast would cut off."""
    kind = Text() if isinstance(column.type, String) else column.type
    return bindparam(_name(column), type_=postgresql.ARRAY(kind, dimensions=1))


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in LATER]


def _name(column: Column[Any]) -> str:
    return f"{column.table.name}_{column.name}"


def write(unit: Unit, drafts: Sequence[Draft]) -> list[Kept]:
    """Write the applications whose keys are new, the first under each key; return the answer of every one."""
    connection = unit.session.connection()
    firsts: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        firsts.setdefault(draft.key, draft)
    fresh = _take_keys(connection, unit.dialect, list(firsts.values()))
    for table, rows in _rows([first for key, first in firsts.items() if key in fresh]).items():
        if rows:
            connection.execute(insert(table), rows)
    old = _answers(connection, [key for key in firsts if key not in fresh])
    return [_answer(draft, firsts[draft.key]) if draft.key in fresh else old[draft.key] for draft in drafts]


def _answer(draft: Draft, first: Draft) -> Kept:
    return Kept(first.record["fingerprint"], first.record["body"], old=draft is not first)


def _stored(draft: Draft) -> Kept:
    return _answer(draft, draft)


def _take_keys(connection: Connection, dialect: str, drafts: Sequence[Draft]) -> set[tuple[str, str]]:
    """Store the answers under keys that nobody has used; a twin in another process is waited for."""
    module = sqlite if dialect == "sqlite" else postgresql
    statement = module.insert(KEYS).on_conflict_do_nothing().returning(KEYS.c.subject, KEYS.c.key)
    rows = connection.execute(statement, [draft.record for draft in drafts])
    return {(subject, key) for subject, key in rows}


def _answers(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Kept]:
    if not keys:
        return {}
    stored = KEYS.c
    rows = connection.execute(
        select(stored.subject, stored.key, stored.fingerprint, stored.body).where(
            tuple_(stored.subject, stored.key).in_(keys)
        )
    )
    return {(subject, key): Kept(print_, body, old=True) for subject, key, print_, body in rows}


def _rows(drafts: Sequence[Draft]) -> Mapping[Table, Sequence[Row]]:
    """Return the rows for each of `TABLES`."""
    cases = [draft.case for draft in drafts]
    entries = [entry for draft in drafts for entry in draft.entries]
    audit = [draft.audit for draft in drafts]
    timers = [timer for draft in drafts for timer in draft.timers]
    events = [event for draft in drafts for event in draft.outbox]
    return dict(zip(TABLES, (cases, entries, audit, _deltas(drafts), timers, events), strict=True))


def _deltas(drafts: Sequence[Draft]) -> list[Row]:
    sums = Counter(
        (metric, day, draft.case["item_code"], draft.case["community"])
        for draft in drafts
        for metric, day in draft.counts
    )
    return [
        delta(metric, day, item, n, place(community)) for (metric, day, item, community), n in sums.items()
    ]
