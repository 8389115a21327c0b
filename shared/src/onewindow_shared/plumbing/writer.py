"""SQLite's one writer: what waits while a transaction is under way shares the next one, and its commit.

Each piece of work is a savepoint of its own: one that fails takes nothing with it. Everybody is answered
after the commit. Where it fails, or the database has given the transaction up, the work is done again one by
one.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

T = TypeVar("T")
Work = Callable[[Session], T]
MOST = 32
LONGEST = 0.02
"""Seconds after which a transaction takes no further work: who came first waits for the last."""


LAST = "last_of_transaction"
"""Mark of a session that changed what processes remember: nobody reads it before it is committed."""


class TransactionLost(Exception):
    """The database gave up the whole transaction, not only the work that failed."""


@dataclass(frozen=True)
class Piece:
    """Work that waits, what opens its session, and what its result goes to."""

    opened: Callable[[Session], Session]
    work: Work[Any]
    answer: Future[Any] = field(default_factory=Future)


@dataclass
class Outcome:
    """What came of a piece of work."""

    piece: Piece
    begun: bool = False
    result: Any = None
    error: Exception | None = None

    def tell(self) -> None:
        if self.error is None:
            self.piece.answer.set_result(self.result)
        else:
            self.piece.answer.set_exception(self.error)


class Writer:
    """One thread on one connection; `session` makes a session on it."""

    def __init__(self, engine: Engine, session: Callable[..., Session]) -> None:
        self._engine, self._session = engine, session
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._waiting: deque[Piece] = deque()

    async def run(self, opened: Callable[[Session], Session], work: Work[T]) -> T:
        """Do work in a transaction; return its result once it is durable."""
        piece = Piece(opened, work)
        self._waiting.append(piece)
        self._thread.submit(self._next)
        result: T = await asyncio.wrap_future(piece.answer)
        return result

    def close(self) -> None:
        self._thread.shutdown()

    def _next(self) -> None:
        """Do what has waited longest, and whatever waits behind it; nothing if it was done meanwhile."""
        first = self._taken()
        if first is None:
            return
        if not self._waiting:
            self._alone(first)
            return
        outcomes = [Outcome(first)]
        try:
            self._together(outcomes)
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits
            if outcomes[0].begun:
                for outcome in outcomes:
                    self._alone(outcome.piece)
                return
            outcomes[0].error = error
        for outcome in outcomes:
            outcome.tell()

    def _taken(self) -> Piece | None:
        """Take the next piece that somebody still waits for."""
        while self._waiting:
            piece = self._waiting.popleft()
            if piece.answer.set_running_or_notify_cancel():
                return piece
        return None

    def _alone(self, piece: Piece) -> None:
        outcome = Outcome(piece)
        try:
            with self._session(self._engine) as session, session.begin():
                outcome.result = piece.work(piece.opened(session))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits
            outcome.error = error
        outcome.tell()

    def _together(self, outcomes: list[Outcome]) -> None:
        """Do the first piece and those behind it in one transaction; what is begun is in `outcomes`."""
        begun = time.monotonic()
        with self._engine.begin() as connection:
            goes_on = self._within(connection, outcomes[0])
            while goes_on and len(outcomes) < MOST and time.monotonic() - begun < LONGEST:
                piece = self._taken()
                if piece is None:
                    return
                outcomes.append(Outcome(piece))
                goes_on = self._within(connection, outcomes[-1])

    def _within(self, connection: Connection, outcome: Outcome) -> bool:
        """Do a piece of work in a savepoint; say whether others may follow it."""
        outcome.begun = True
        try:
            with self._session(connection) as session, session.begin():
                outcome.result = outcome.piece.work(outcome.piece.opened(session))
        except Exception as error:
            outcome.error = error
            if not _lives(connection):
                raise TransactionLost from error
        return LAST not in session.info


def _lives(connection: Connection) -> bool:
    return bool(getattr(connection.connection.dbapi_connection, "in_transaction", False))
