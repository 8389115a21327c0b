"""Writes the rows of many applications in one transaction.

PostgreSQL gets one statement for all of them, since every round trip costs it more than the rows do; it
knows no old keys and fails as a whole. What fails, and everything on SQLite, is written table by table.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Table,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql

from onewindow_intake.cases.filing import Row
from onewindow_intake.cases.models import Case, Entry, OfflineCase
from onewindow_intake.cases.rows import Filed
from onewindow_intake.instant.models import AtOnce
from onewindow_intake.papers.models import IssuedPaper
from onewindow_intake.parties.models import Party
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.bulk import array_of, insert_new, table_of
from onewindow_shared.plumbing.idempotency import PURPOSE, IdempotencyRecord
from onewindow_shared.plumbing.outbox import OutboxRecord
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.rollups import RollupDelta, delta, facets_of
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.unit import Unit

KEYS = table_of(IdempotencyRecord)
TABLES = tuple(
    map(
        table_of,
        (
            Case,
            Party,
            Entry,
            OfflineCase,
            AtOnce,
            IssuedPaper,
            AuditRecord,
            RollupDelta,
            Timer,
            OutboxRecord,
        ),
    )
)
LATER = frozenset(
    {"id", "position", "hash", "lease", "leased_until", "declared_at", "correction_due_at"}
    | {"supplement_due_at", "reason_sealed", "reason_mark", "told", "sheet_sealed", "edition"}
    | {"progressed_at", "progressed_version", "consent_withdrawn_at"}
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
    return None if known is None else Kept(known.fingerprint, _opened(unit.vault, known.body), old=True)


def _opened(vault: Vault, body: bytes) -> bytes:
    return vault.open(body.decode(), purpose=PURPOSE).encode()


def _records(vault: Vault, batch: Sequence[Filed]) -> list[Row]:
    """Return the rows of the answers, sealed as every stored answer is."""
    sealed = (vault.seal(one.record["body"].decode(), purpose=PURPOSE).encode() for one in batch)
    return [{**one.record, "body": body} for one, body in zip(batch, sealed, strict=True)]


def write_new(unit: Unit, batch: Sequence[Filed]) -> list[Kept]:
    """Write applications in one statement; raise `IntegrityError` if a key was used before."""
    values: dict[str, Any] = {}
    for table, rows in {KEYS: _records(unit.vault, batch), **_rows(batch)}.items():
        values |= {_name(column): [row[column.name] for row in rows] for column in _columns(table)}
    unit.session.connection().execute(_into_all_tables(), values)
    return [_stored(one) for one in batch]


@cache
def _into_all_tables() -> postgresql.Insert:
    first, *others = (_into(table) for table in (KEYS, *TABLES))
    return first.add_cte(*(other.cte(f"into_{other.table.name}") for other in others))


def _into(table: Table) -> postgresql.Insert:
    columns = _columns(table)
    rows = select(*(func.unnest(array_of(column, _name(column))) for column in columns))
    names = [column.name for column in columns]
    return postgresql.insert(table).from_select(names, rows, include_defaults=False)


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in LATER]


def _name(column: Column[Any]) -> str:
    return f"{column.table.name}_{column.name}"


def write(unit: Unit, batch: Sequence[Filed]) -> list[Kept]:
    """Write the applications whose keys are new, the first under each key; return the answer of every one."""
    connection = unit.session.connection()
    firsts: dict[tuple[str, str], Filed] = {}
    for one in batch:
        firsts.setdefault(one.key, one)
    fresh = _take_keys(connection, _records(unit.vault, list(firsts.values())))
    for table, rows in _rows([first for key, first in firsts.items() if key in fresh]).items():
        if rows:
            connection.execute(insert(table), rows)
    old = _answers(connection, unit.vault, [key for key in firsts if key not in fresh])
    return [_answer(one, firsts[one.key]) if one.key in fresh else old[one.key] for one in batch]


def _answer(one: Filed, first: Filed) -> Kept:
    return Kept(first.record["fingerprint"], first.record["body"], old=one is not first)


def _stored(one: Filed) -> Kept:
    return _answer(one, one)


def _take_keys(connection: Connection, records: Sequence[Row]) -> set[tuple[str, str]]:
    """Store the answers under keys that nobody has used; a twin in another process is waited for."""
    taken = insert_new(connection, KEYS, records, KEYS.c.subject, KEYS.c.key)
    return {(subject, key) for subject, key in taken}


def _answers(
    connection: Connection, vault: Vault, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Kept]:
    if not keys:
        return {}
    stored = KEYS.c
    rows = connection.execute(
        select(stored.subject, stored.key, stored.fingerprint, stored.body).where(
            tuple_(stored.subject, stored.key).in_(keys)
        )
    )
    return {
        (subject, key): Kept(print_, _opened(vault, body), old=True) for subject, key, print_, body in rows
    }


def _rows(batch: Sequence[Filed]) -> Mapping[Table, Sequence[Row]]:
    """Return the rows for each of `TABLES`."""
    cases = [one.case for one in batch]
    parties = [party for one in batch for party in one.parties]
    entries = [entry for one in batch for entry in one.entries]
    offline = [row for one in batch for row in one.offline]
    decisions = [row for one in batch for row in one.decisions]
    papers = [row for one in batch for row in one.papers]
    audit = [one.audit for one in batch]
    timers = [timer for one in batch for timer in one.timers]
    events = [event for one in batch for event in one.outbox]
    rows = (cases, parties, entries, offline, decisions, papers, audit, _deltas(batch), timers, events)
    return dict(zip(TABLES, rows, strict=True))


def _deltas(batch: Sequence[Filed]) -> list[Row]:
    sums = Counter(
        (metric, day, one.case["community"], facets_of(one.case))
        for one in batch
        for metric, day in one.counts
    )
    return [delta(metric, day, by, n, place(community)) for (metric, day, community, by), n in sums.items()]
