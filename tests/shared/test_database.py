"""One function, one transaction: kept as a whole or not at all, on both databases."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onewindow_shared.plumbing.database import Database, connect, out_of_reach, sqlite_engine
from onewindow_shared.plumbing.scope import EVERYTHING, UnscopedError, place
from shared.sample import Note, Thing
from testkit.api import XIAN


def counted(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Thing)) or 0


def adding(**values: Any) -> Thing:
    return Thing(**place(XIAN), **values)


async def test_what_a_function_did_is_there_for_every_later_reader(database: Database) -> None:
    await database.write(EVERYTHING, lambda session: session.add(adding()))
    assert await database.read(EVERYTHING, counted) == 1


async def test_what_a_function_did_before_it_failed_is_not_kept(database: Database) -> None:
    def work(session: Session) -> None:
        session.add(adding())
        session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(EVERYTHING, work)
    assert await database.read(EVERYTHING, counted) == 0


async def test_a_constraint_broken_at_the_commit_keeps_nothing(database: Database) -> None:
    def work(session: Session) -> None:
        session.add_all([adding(), adding(n=5000)])

    with pytest.raises(IntegrityError):
        await database.write(EVERYTHING, work)
    assert await database.read(EVERYTHING, counted) == 0


async def test_a_reader_keeps_nothing_even_if_it_writes(database: Database) -> None:
    def work(session: Session) -> None:
        session.add(adding())
        session.flush()

    await database.read(EVERYTHING, work)
    assert await database.read(EVERYTHING, counted) == 0


async def test_fifty_writers_at_once_all_succeed(database: Database) -> None:
    def work(session: Session) -> None:
        session.execute(update(Thing).values(n=Thing.n + 1))

    await database.write(EVERYTHING, lambda session: session.add(adding()))
    await asyncio.gather(*(database.write(EVERYTHING, work) for _ in range(50)))
    assert await database.read(EVERYTHING, lambda session: session.scalar(select(Thing.n))) == 50


async def test_writers_of_several_processes_wait_for_one_another(url: str, database: Database) -> None:
    def work(session: Session) -> None:
        session.execute(update(Thing).values(n=Thing.n + 1))

    await database.write(EVERYTHING, lambda session: session.add(adding()))
    other = connect(url)
    await asyncio.gather(*(where.write(EVERYTHING, work) for where in (database, other) * 10))
    await other.close()
    assert await database.read(EVERYTHING, lambda session: session.scalar(select(Thing.n))) == 20


async def test_readers_go_on_while_somebody_writes(database: Database) -> None:
    writing, released = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(session: Session) -> None:
        session.add(adding())
        session.flush()
        loop.call_soon_threadsafe(writing.set)
        if database.dialect == "sqlite":
            asyncio.run_coroutine_threadsafe(released.wait(), loop).result()

    writer = asyncio.create_task(database.write(EVERYTHING, work))
    await writing.wait()
    if database.dialect == "sqlite":
        assert await database.read(EVERYTHING, counted) == 0
    released.set()
    await writer
    assert await database.read(EVERYTHING, counted) == 1


async def test_a_row_may_not_point_to_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.write(EVERYTHING, lambda session: session.add(Note(thing_id=404)))


async def test_a_moment_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    shanghai = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    await database.write(EVERYTHING, lambda session: session.add(adding(at=shanghai)))
    found = await database.read(EVERYTHING, lambda session: session.scalar(select(Thing.at)))
    assert found == shanghai
    assert found.tzinfo is UTC


async def test_a_statement_without_scope_is_a_defect(database: Database) -> None:
    def work(session: Session) -> None:
        del session.info["scope"]
        session.execute(select(Thing))

    with pytest.raises(UnscopedError):
        await database.read(EVERYTHING, work)


@pytest.mark.parametrize("way", ["read", "write"])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_sqlite_checks_keys_and_waits_for_the_disk(database: Database, way: str) -> None:
    def pragmas(session: Session) -> list[Any]:
        names = ("foreign_keys", "synchronous", "journal_mode")
        return [session.scalar(text(f"PRAGMA {name}")) for name in names]

    assert await getattr(database, way)(EVERYTHING, pragmas) == [1, 2, "wal"]


def test_a_new_sqlite_file_is_opened_by_two_at_once(tmp_path: Path) -> None:
    def opened(number: int) -> str | None:
        engine = sqlite_engine(f"sqlite:///{tmp_path}/{number // 2}.sqlite3", begin="BEGIN")
        together.wait()
        with engine.connect() as connection:
            mode: str | None = connection.scalar(text("PRAGMA journal_mode"))
        engine.dispose()
        return mode

    together = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(opened, range(200))) == {"wal"}


@pytest.mark.postgresql
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_writers_in_each_others_way_both_succeed_in_the_end(database: Database) -> None:
    await database.write(EVERYTHING, lambda session: session.add_all([adding(label="a"), adding(label="b")]))
    tries = []

    def work(first: str, second: str) -> Any:
        def locked(session: Session) -> None:
            session.execute(update(Thing).where(Thing.label == first).values(n=Thing.n + 1))
            tries.append(first)
            while set(tries) != {"a", "b"}:
                session.execute(text("SELECT pg_sleep(0.01)"))
            session.execute(update(Thing).where(Thing.label == second).values(n=Thing.n + 1))

        return locked

    await asyncio.gather(
        database.write(EVERYTHING, work("a", "b")), database.write(EVERYTHING, work("b", "a"))
    )
    found = await database.read(EVERYTHING, lambda session: session.scalars(select(Thing.n)).all())
    assert list(found) == [2, 2]
    assert len(tries) == 3, "the database chose one of the two to be tried again"


@pytest.mark.postgresql
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_transaction_that_cannot_be_ordered_is_tried_again(database: Database) -> None:
    await database.write(EVERYTHING, lambda session: session.add_all([adding(n=1), adding(n=2)]))
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        total = session.scalar(select(func.sum(Thing.n))) or 0
        session.execute(text("SELECT pg_sleep(0.1)"))
        session.add(adding(n=total))

    await asyncio.gather(database.write(EVERYTHING, work), database.write(EVERYTHING, work))
    found = await database.read(EVERYTHING, lambda s: s.scalars(select(Thing.n).order_by(Thing.n)).all())
    assert list(found) == [1, 2, 3, 6]
    assert len(tries) == 3


async def test_a_database_that_is_not_there_is_told_from_a_defect(backend: str) -> None:
    where = "sqlite:////nowhere/at/all" if backend == "sqlite" else "postgresql://nobody@127.0.0.1:1/none"
    missing = connect(where)
    with pytest.raises(Exception) as failed:
        await missing.read(EVERYTHING, counted)
    await missing.close()
    assert out_of_reach(failed.value)


async def test_a_broken_statement_is_no_outage(database: Database) -> None:
    with pytest.raises(Exception) as failed:
        await database.read(EVERYTHING, lambda session: session.execute(text("SELECT nonsense FROM things")))
    assert not out_of_reach(failed.value)
