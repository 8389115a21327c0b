"""Sessions: one function, one transaction, on SQLite's single writer or on PostgreSQL's pool.

Work is an ordinary function on a `Session`. It is committed once, when the function returns, before
anybody is answered; when it raises, nothing is kept.
"""

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    StaticPool,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from onewindow_shared.plumbing.scope import Scope, narrow, scoped_session
from onewindow_shared.plumbing.writer import Work, Writer

T = TypeVar("T")

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Naming convention, so that a broken constraint can be told by name."""

READERS = 4
BUSY_SECONDS = 10
_RETRIED_STATES = frozenset({"40001", "40P01"})
_OUTAGES = ("08", "53", "57P", "58")
"""SQLSTATE: no connection, no resources, shutting down, system error."""
_SQLITE_OUTAGES = ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "PROTOCOL")
_TRIES = 4


def out_of_reach(error: Exception) -> bool:
    """Say whether `error` means that the database cannot work now, whatever it was asked."""
    if isinstance(error, (OSError, PoolTimeoutError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    name = getattr(error.orig, "sqlite_errorname", "").removeprefix("SQLITE_")
    return error.connection_invalidated or state.startswith(_OUTAGES) or name.startswith(_SQLITE_OUTAGES)


def metadata() -> MetaData:
    """Return empty metadata with the suite's naming convention."""
    return MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC on both databases (SQLite would drop the offset)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ScopedSession(Session):
    """The suite's session: every ORM statement passes the scope hook."""


event.listen(ScopedSession, "do_orm_execute", narrow)


class Database(Protocol):
    """Where a service keeps its data."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""

    async def write(self, scope: Scope, work: Work[T]) -> T:
        """Run `work` in one transaction and commit it."""

    async def read(self, scope: Scope, work: Work[T]) -> T:
        """Run `work` without keeping changes."""

    async def close(self) -> None:
        """Let go of every connection."""


class SqliteDatabase:
    """SQLite in WAL mode: writers share the transactions of one thread, readers have a few of their own."""

    dialect = "sqlite"

    def __init__(self, url: str) -> None:
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._write_engine = sqlite_engine(url, begin="BEGIN IMMEDIATE", poolclass=StaticPool)
        self._read_engine = sqlite_engine(url, begin="BEGIN", pool_size=READERS)
        self._writer = Writer(self._write_engine, _writing)
        self._read_sessions = sessionmaker(
            self._read_engine, class_=ScopedSession, autoflush=False, expire_on_commit=False
        )

    async def write(self, scope: Scope, work: Work[T]) -> T:
        return await self._writer.run(partial(scoped_session, scope=scope), work)

    async def read(self, scope: Scope, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, partial(_read, self._read_sessions, scope, work)
        )

    async def close(self) -> None:
        self._writer.close()
        self._readers.shutdown()
        self._write_engine.dispose()
        self._read_engine.dispose()


class PostgresDatabase:
    """PostgreSQL through asyncpg; a deadlock or serialization failure is tried again."""

    dialect = "postgresql"

    def __init__(self, url: str, connections: int) -> None:
        self._engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=connections,
            max_overflow=0,
            hide_parameters=True,
        )

    async def write(self, scope: Scope, work: Work[T]) -> T:
        for _ in range(_TRIES - 1):
            try:
                return await self._transaction(scope, work)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _RETRIED_STATES:
                    raise
        return await self._transaction(scope, work)

    async def _transaction(self, scope: Scope, work: Work[T]) -> T:
        async with AsyncSession(
            self._engine, sync_session_class=ScopedSession, expire_on_commit=False
        ) as session:
            scoped_session(session.sync_session, scope)
            result = await session.run_sync(work)
            await session.commit()
            return result

    async def read(self, scope: Scope, work: Work[T]) -> T:
        async with AsyncSession(
            self._engine, sync_session_class=ScopedSession, autoflush=False, expire_on_commit=False
        ) as session:
            scoped_session(session.sync_session, scope)
            return await session.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()


def connect(url: str, connections: int = 10) -> Database:
    """Open the database that `url` names."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteDatabase(url)
    return PostgresDatabase(url, connections)


def _writing(bind: Engine | Connection) -> Session:
    """Open a session of its own on the engine, or a part of the transaction of a connection."""
    return ScopedSession(bind, expire_on_commit=False, join_transaction_mode="create_savepoint")


def _read(sessions: sessionmaker[ScopedSession], scope: Scope, work: Work[T]) -> T:
    with sessions() as session:
        return work(scoped_session(session, scope))


def sqlite_engine(url: str | URL, *, begin: str, foreign_keys: bool = True, **options: Any) -> Engine:
    """Open SQLite so that every transaction, changes of tables included, begins with `begin`."""
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS, "isolation_level": None},
        **options,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        _write_ahead(connection)
        checked = "ON" if foreign_keys else "OFF"
        for pragma in ("synchronous=FULL", f"foreign_keys={checked}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _write_ahead(connection: Any) -> None:
    """Have SQLite keep a write-ahead log.

    Of two that open a new file at once, one is refused without the wait that its busy timeout promises: each
    reads, and each wants to be alone (sqlite.org/c3ref/busy_handler.html, "deadlock"). The other soon ends.
    """
    last = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as refusal:
            if refusal.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            Event().wait(0.01)
        else:
            return
