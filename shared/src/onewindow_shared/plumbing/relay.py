"""Moves events from the outbox to their subscribers: leased, batched, woken, with back-off and dead letters.

Batches are claimed in the order of publishing; an event is held back while an earlier one of its key is on
its way or waiting to be tried again. A destination that is down delays nobody else.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Literal, Protocol, TypeVar

import structlog
from pydantic import BaseModel
from sqlalchemy import CursorResult, delete, false, func, insert, select, text, update
from sqlalchemy.orm import Session

from onewindow_shared.plumbing.clock import Clock
from onewindow_shared.plumbing.database import Database
from onewindow_shared.plumbing.outbox import DeadLetter, OutboxRecord
from onewindow_shared.plumbing.scope import EVERYTHING
from onewindow_shared.plumbing.writer import Work

T = TypeVar("T")
BATCH = 200
WINDOW = 500
LANES = 2
"""Batches on their way to one destination at a time; the next is claimed while one is delivered."""
LEASE = timedelta(seconds=30)
NET_SECONDS = 1.0
"""The safety net: how often the outbox is looked at when nobody wakes the relay."""
MAX_WAIT = timedelta(minutes=5)
log = structlog.get_logger()


class Outcome(BaseModel):
    """What a subscriber made of one event."""

    id: str
    outcome: Literal["done", "failed", "held"]
    """`held`: not tried, because an earlier event of its key failed."""
    reason: str = ""


_SILENCE = Outcome(id="", outcome="failed", reason="the subscriber gave no outcome")


class Unreachable(Exception):
    """The subscriber did not take the batch at all; nothing is counted against the events."""


class Transport(Protocol):
    """Carries a batch of envelopes (JSON texts) to a subscriber."""

    async def deliver(self, destination: str, bodies: Sequence[str]) -> list[Outcome]:
        """Return an outcome per event, or raise `Unreachable`."""


@dataclass(frozen=True)
class Claimed:
    """A leased event."""

    id: int
    event_id: str
    body: str
    tries: int


@dataclass(frozen=True)
class Held:
    """A batch and the lease that it is held under."""

    lease: str
    rows: Sequence[Claimed]


def claim(session: Session, destination: str, lease: str, now: datetime) -> list[Claimed]:
    """Lease the next batch for one destination, keeping the order of each key."""
    _alone(session, destination)
    ids = list(islice(_free_in_order(session, destination, now), BATCH))
    if not ids:
        return []
    rows = session.execute(
        update(OutboxRecord)
        .where(OutboxRecord.id.in_(ids))
        .values(lease=lease, leased_until=now + LEASE)
        .returning(OutboxRecord.id, OutboxRecord.event_id, OutboxRecord.body, OutboxRecord.tries)
        .execution_options(synchronize_session=False)
    )
    return sorted((Claimed(*row) for row in rows), key=lambda claimed: claimed.id)


def _alone(session: Session, destination: str) -> None:
    """Let nobody else claim for this destination until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        session.execute(lock, {"name": f"relay:{destination}"})


def _free_in_order(session: Session, destination: str, now: datetime) -> Iterator[int]:
    """Walk the outbox from its oldest row, passing over keys that have an event on its way or waiting.

    A window at a time by the index: with a long backlog a batch costs no more than with a short one.
    """
    stopped: set[str] = set()
    last = 0
    busy = (OutboxRecord.try_at > now) | func.coalesce(OutboxRecord.leased_until > now, false())
    while True:
        window = session.execute(
            select(OutboxRecord.id, OutboxRecord.key, busy)
            .where(OutboxRecord.destination == destination, OutboxRecord.id > last)
            .order_by(OutboxRecord.id)
            .limit(WINDOW)
        ).all()
        for last, key, waits in window:
            if waits:
                stopped.add(key)
            if key not in stopped:
                yield last
        if len(window) < WINDOW:
            return


def settle(
    session: Session,
    lease: str,
    batch: Sequence[Claimed],
    outcomes: Sequence[Outcome],
    *,
    now: datetime,
    max_tries: int,
) -> None:
    """Delete what arrived, free what was held, put off or bury what failed; only under the lease.

    An event of which the subscriber says nothing has failed.
    """
    said = {outcome.id: outcome for outcome in outcomes}
    answers = [(row, said.get(row.event_id, _SILENCE)) for row in batch]
    done = [row.id for row, answer in answers if answer.outcome == "done"]
    _delete(session, lease, done)
    for row, answer in answers:
        if answer.outcome == "failed":
            _failed(session, lease, row, answer.reason, now, max_tries)
    if len(done) < len(batch):
        _free(session, lease, batch)


def _delete(session: Session, lease: str, ids: Sequence[int]) -> int:
    if not ids:
        return 0
    result = session.execute(
        delete(OutboxRecord)
        .where(OutboxRecord.id.in_(ids), OutboxRecord.lease == lease)
        .execution_options(synchronize_session=False)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0


def _free(session: Session, lease: str, batch: Sequence[Claimed] = ()) -> None:
    """Give back what a lease still holds; without the batch the whole outbox is looked through."""
    mine = update(OutboxRecord).where(OutboxRecord.lease == lease)
    if batch:
        mine = mine.where(OutboxRecord.id.in_([row.id for row in batch]))
    session.execute(mine.values(lease=None, leased_until=None).execution_options(synchronize_session=False))


def _failed(session: Session, lease: str, row: Claimed, reason: str, now: datetime, max_tries: int) -> None:
    tries = row.tries + 1
    if tries >= max_tries:
        _bury(session, lease, row, reason, now)
        return
    wait = min(MAX_WAIT, timedelta(seconds=2 ** min(tries, 16) / 2))
    session.execute(
        update(OutboxRecord)
        .where(OutboxRecord.id == row.id, OutboxRecord.lease == lease)
        .values(tries=tries, try_at=now + wait, lease=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )


_KEPT = ("event_id", "destination", "key", "type", "body")


def _bury(session: Session, lease: str, row: Claimed, reason: str, now: datetime) -> None:
    record = session.get(OutboxRecord, row.id)
    if record is None or _delete(session, lease, [row.id]) == 0:
        return
    kept: dict[str, Any] = {name: getattr(record, name) for name in _KEPT}
    session.execute(insert(DeadLetter).values(**kept, tries=row.tries + 1, reason=reason, died_at=now))
    log.error("event buried", type=record.type, destination=record.destination, event_id=record.event_id)


def replay(session: Session, now: datetime) -> int:
    """Put every dead letter back into the outbox, oldest first; return how many."""
    letters = session.scalars(select(DeadLetter).order_by(DeadLetter.id)).all()
    for letter in letters:
        kept = {name: getattr(letter, name) for name in _KEPT}
        session.add(OutboxRecord(**kept, created_at=now, try_at=now, tries=0))
        session.delete(letter)
    return len(letters)


class Relay:
    """Runs one delivery loop per destination inside a service process."""

    def __init__(
        self,
        database: Database,
        transport: Transport,
        destinations: Sequence[str],
        clock: Clock,
        max_tries: int,
    ) -> None:
        self._database, self._transport, self._clock = database, transport, clock
        self._max_tries = max_tries
        self._wishes = {name: asyncio.Queue[None](1) for name in destinations}

    def wake(self, subscribers: Collection[str] | None = None) -> None:
        """Say that something was published, to these subscribers if it is known to whom."""
        for destination in self._wishes:
            if subscribers is None or destination in subscribers:
                self._wish(destination)

    def _wish(self, destination: str) -> None:
        """Have one lane look; a wish that nobody has taken yet stands for this one too."""
        if self._wishes[destination].empty():
            self._wishes[destination].put_nowait(None)

    async def run(self) -> None:
        """Deliver until cancelled; what waits already goes at once."""
        self.wake()
        async with asyncio.TaskGroup() as group:
            for destination in self._wishes:
                for _ in range(LANES):
                    group.create_task(self._lane(destination))

    async def _lane(self, destination: str) -> None:
        wait = 0.0
        while True:
            try:
                await _until_woken(self._wishes[destination])
                await self._drain(destination)
                wait = 0.0
            except Unreachable as error:
                if not wait:
                    log.warning("destination out of reach", destination=destination, why=str(error))
                wait = min(NET_SECONDS, max(0.05, wait * 2))
                await asyncio.sleep(wait)
                self._wish(destination)
            except Exception:
                log.exception("relay failed", destination=destination)
                await asyncio.sleep(NET_SECONDS)

    async def _drain(self, destination: str) -> None:
        """Move batches until nothing is free; a full one calls another lane to help."""
        held = await self._claim(destination)
        while held.rows:
            if len(held.rows) == BATCH:
                self._wish(destination)
            _, held = await self._carry(destination, held, ahead=True)

    async def step(self, destination: str) -> int:
        """Move one batch; return how many events were tried.

        Whatever ends a step early, a cancellation at any point included, the batch is free again.
        """
        held = await self._claim(destination)
        tried, _ = await self._carry(destination, held, ahead=False) if held.rows else (0, held)
        return tried

    async def _claim(self, destination: str) -> Held:
        lease, now = str(uuid.uuid4()), self._clock()
        async with self._freed({lease: ()}):
            return Held(lease, await self._write(lambda s: claim(s, destination, lease, now)))

    async def _carry(self, destination: str, held: Held, *, ahead: bool) -> tuple[int, Held]:
        """Deliver and settle a batch; looking ahead, the next is claimed in the same transaction."""
        leases = {held.lease: held.rows}
        async with self._freed(leases):
            outcomes = await self._transport.deliver(destination, [row.body for row in held.rows])
            following = Held(str(uuid.uuid4()), ())
            leases[following.lease] = ()

            def work(session: Session) -> Sequence[Claimed]:
                now = self._clock()
                if ahead:
                    _alone(session, destination)
                settle(session, held.lease, held.rows, outcomes, now=now, max_tries=self._max_tries)
                return claim(session, destination, following.lease, now) if ahead else ()

            following = Held(following.lease, await self._write(work))
        return sum(outcome.outcome != "held" for outcome in outcomes), following

    @asynccontextmanager
    async def _freed(self, leases: Mapping[str, Sequence[Claimed]]) -> AsyncIterator[None]:
        """Give the leases back if what is done under them fails or is cancelled."""
        try:
            yield
        except BaseException:
            for lease, rows in leases.items():
                await asyncio.shield(self._write(partial(_free, lease=lease, batch=rows)))
            raise

    async def _write(self, work: Work[T]) -> T:
        return await self._database.write(EVERYTHING, work)


async def _until_woken(wishes: "asyncio.Queue[None]") -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(NET_SECONDS):
            await wishes.get()
