"""Posting cases, the one path with a writer of its own: simultaneous applications share a transaction.

An application is checked against reference data held in this process, becomes plain rows, and is written
with whatever else waits: case, timeline, audit, counters, timer, event and the answer under its
`Idempotency-Key`, all or nothing. Everybody is answered after the commit.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from fastapi import Response
from sqlalchemy import Connection, Table, insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from onewindow_intake.cases.drafts import FIRST_VERSION, Draft, Filing, check, draft
from onewindow_intake.cases.models import Case, Entry
from onewindow_intake.cases.numbering import Numbers
from onewindow_intake.cases.rules import Terms
from onewindow_intake.reference import Reference, Snapshot
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.groupcommit import GroupCommitter
from onewindow_shared.plumbing.idempotency import IdempotencyRecord, created, fingerprint
from onewindow_shared.plumbing.outbox import OutboxRecord
from onewindow_shared.plumbing.problems import KeyReused, Problem
from onewindow_shared.plumbing.rollups import RollupDelta, delta
from onewindow_shared.plumbing.runtime import Run, Runtime, only_once_at_a_time
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.unit import Unit

WRITERS = {"sqlite": 1, "postgresql": 2}


@dataclass(frozen=True)
class Kept:
    """The answer that is stored under a key."""

    fingerprint: str
    body: bytes
    old: bool
    """It was there before this request."""


class Desk:
    """Takes applications in this process."""

    def __init__(self, runtime: Runtime, reference: Reference, terms: Terms, serial_block: int) -> None:
        self._runtime = runtime
        self._reference = reference
        self._terms = terms
        self._numbers = Numbers(runtime, serial_block)
        self._committer = GroupCommitter[Draft, Kept](self._commit, WRITERS[runtime.database.dialect])

    async def post(self, run: Run, key: str, form: CaseIn) -> Response:
        """Post an application once per key; raises what `drafts.check` raises, and `KeyReused`."""
        async with only_once_at_a_time(self._runtime, run.actor.subject, key):
            print_ = fingerprint(self._runtime.vault, run.operation, form)
            kept = await self._kept(run, key, print_, form)
        if kept.fingerprint != print_:
            raise KeyReused(detail="Use a new key for a new request.")
        response = created(kept.body, replayed=kept.old)
        response.headers["ETag"] = f'"{FIRST_VERSION}"'
        return response

    async def _kept(self, run: Run, key: str, print_: str, form: CaseIn) -> Kept:
        try:
            ready = await self._draft(run, key, print_, form)
        except Problem:
            known = await self._runtime.read(run.actor, answer_under, run.actor.subject, key)
            if known is None:
                raise
            return known
        return await self._committer.submit(ready)

    async def _draft(self, run: Run, key: str, print_: str, form: CaseIn) -> Draft:
        settings = self._runtime.settings
        filing = Filing(form, run.actor, settings.clock(), settings.zone, self._terms)
        checked = check(filing, await self._snapshot(form))
        case_no = await self._numbers.next(form.community, filing.received_on)
        record = {
            "subject": run.actor.subject,
            "key": key,
            "fingerprint": print_,
            "created_at": filing.now,
        }
        return draft(checked, case_no, record, self._runtime.vault, self._runtime.name)

    async def _snapshot(self, form: CaseIn) -> Snapshot:
        snapshot = await self._reference.current()
        if form.item_code in snapshot.offers and form.community in snapshot.communities:
            return snapshot
        return await self._reference.renewed()

    async def _commit(self, drafts: Sequence[Draft]) -> Sequence[Kept]:
        kept = await self._runtime.system(write, drafts)
        if any(draft.outbox for draft in drafts):
            self._runtime.on_publish()
        return kept


def answer_under(unit: Unit, subject: str, key: str) -> Kept | None:
    """Return the answer that an account got under a key."""
    known = unit.session.get(IdempotencyRecord, (subject, key))
    return None if known is None else Kept(known.fingerprint, known.body, old=True)


def write(unit: Unit, drafts: Sequence[Draft]) -> list[Kept]:
    """Write the applications whose keys are new; return the answer of every one."""
    connection = unit.session.connection()
    fresh = _take_keys(connection, unit.dialect, drafts)
    new = [draft for draft in drafts if draft.key in fresh]
    if new:
        _write(connection, new)
    old = _answers(connection, [draft.key for draft in drafts if draft.key not in fresh])
    return [old.get(draft.key) or _stored(draft) for draft in drafts]


def _stored(draft: Draft) -> Kept:
    return Kept(draft.record["fingerprint"], draft.record["body"], old=False)


def _take_keys(connection: Connection, dialect: str, drafts: Sequence[Draft]) -> set[tuple[str, str]]:
    """Store the answers under keys that nobody has used; a twin in another process is waited for."""
    module = sqlite if dialect == "sqlite" else postgresql
    columns = (IdempotencyRecord.subject, IdempotencyRecord.key)
    statement = module.insert(_table(IdempotencyRecord)).on_conflict_do_nothing().returning(*columns)
    rows = connection.execute(statement, [draft.record for draft in drafts])
    return {(subject, key) for subject, key in rows}


def _answers(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Kept]:
    if not keys:
        return {}
    stored = _table(IdempotencyRecord).c
    rows = connection.execute(
        select(stored.subject, stored.key, stored.fingerprint, stored.body).where(
            tuple_(stored.subject, stored.key).in_(keys)
        )
    )
    return {(subject, key): Kept(print_, body, old=True) for subject, key, print_, body in rows}


def _write(connection: Connection, drafts: Sequence[Draft]) -> None:
    _add(connection, Case, [draft.case for draft in drafts])
    _add(connection, Entry, [entry for draft in drafts for entry in draft.entries])
    _add(connection, AuditRecord, [draft.audit for draft in drafts])
    _add(connection, RollupDelta, _deltas(drafts))
    _add(connection, Timer, [timer for draft in drafts for timer in draft.timers])
    _add(connection, OutboxRecord, [event for draft in drafts for event in draft.outbox])


def _deltas(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    sums = Counter(
        (metric, day, draft.case["item_code"], draft.case["community"])
        for draft in drafts
        for metric, day in draft.counts
    )
    return [
        delta(metric, day, item, n, place(community)) for (metric, day, item, community), n in sums.items()
    ]


def _add(connection: Connection, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(_table(model)), rows)


def _table(model: Any) -> Table:
    return cast("Table", model.__table__)
