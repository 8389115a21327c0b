"""SQLite's writers that wait share a transaction; each is answered as if it had been alone."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, StaticPool, event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from onewindow_shared.plumbing.database import ScopedSession, sqlite_engine
from onewindow_shared.plumbing.scope import EVERYTHING, place, scoped_session
from onewindow_shared.plumbing.writer import LAST, MOST, Writer
from shared.sample import Base, Thing
from testkit.api import XIAN

Work = Callable[[Session], Any]
OPENED = partial(scoped_session, scope=EVERYTHING)


class Books:
    """A writer, the commits of its transactions, and a connection of somebody else."""

    def __init__(self, url: str) -> None:
        self.engine = sqlite_engine(url, begin="BEGIN IMMEDIATE", poolclass=StaticPool)
        self.other: Engine = sqlite_engine(url, begin="BEGIN")
        Base.metadata.create_all(self.other)
        self.writer = Writer(self.engine, partial(ScopedSession, join_transaction_mode="create_savepoint"))
        self.commits = 0
        self.after: Callable[[Any], None] = lambda _: None
        event.listen(self.engine, "commit", self._committed)

    def _committed(self, _: Any) -> None:
        self.commits += 1

    async def write(self, work: Work) -> Any:
        return await self.writer.run(OPENED, work)

    async def gathered(self, *several: Work) -> list[Any]:
        """Have all of it wait behind one piece of work that is under way, then let it go on."""
        under_way, goes_on = Event(), Event()

        def first(_: Session) -> None:
            under_way.set()
            goes_on.wait(10)

        tasks = [asyncio.create_task(self.write(first))]
        await asyncio.to_thread(under_way.wait, 10)
        tasks += [asyncio.create_task(self._told(work)) for work in several]
        await asyncio.sleep(0)
        self.commits = 0
        goes_on.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        return list(answers[1:])

    async def _told(self, work: Work) -> Any:
        answer = await self.write(work)
        self.after(answer)
        return answer

    def kept(self) -> list[str]:
        with self.other.connect() as connection:
            return list(connection.scalars(select(Thing.label).order_by(Thing.label)))


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    made = Books(f"sqlite:///{tmp_path / 'writer.sqlite3'}")
    yield made
    made.writer.close()
    made.engine.dispose()
    made.other.dispose()


def adding(label: str, **more: Any) -> Work:
    def work(session: Session) -> str:
        session.add(Thing(**place(XIAN), label=label, **more))
        session.flush()
        return label

    return work


def failing(session: Session) -> None:
    adding("nothing")(session)
    raise LookupError


async def test_whoever_waits_shares_a_commit_and_is_answered_after_it(books: Books) -> None:
    names = [f"thing-{n:02d}" for n in range(10)]
    seen: list[bool] = []
    books.after = lambda label: seen.append(label in books.kept())
    assert await books.gathered(*map(adding, names)) == names
    assert books.commits <= 3
    assert seen == [True] * 10


async def test_what_fails_keeps_nothing_and_takes_nobody_with_it(books: Books) -> None:
    one, fault, broken, other = await books.gathered(adding("a"), failing, adding("b", n=5000), adding("c"))
    assert (one, other) == ("a", "c")
    assert isinstance(fault, LookupError)
    assert isinstance(broken, IntegrityError)
    assert books.kept() == ["a", "c"]


async def test_where_a_shared_commit_fails_each_is_done_again_alone(books: Books) -> None:
    fails = iter([True])

    def once(_: Any) -> None:
        if books.commits and next(fails, False):
            raise OperationalError("COMMIT", {}, Exception())

    event.listen(books.engine, "commit", once)
    assert await books.gathered(*map(adding, "abcd")) == list("abcd")
    assert books.kept() == list("abcd")


async def test_a_transaction_that_the_database_gave_up_is_done_again_piece_by_piece(books: Books) -> None:
    def gives_up(session: Session) -> None:
        session.execute(text("ROLLBACK"))
        raise LookupError

    one, lost, other = await books.gathered(adding("a"), gives_up, adding("b"))
    assert (one, other) == ("a", "b")
    assert isinstance(lost, Exception)
    assert books.kept() == ["a", "b"]


async def test_in_an_outage_nobody_waits_twice(books: Books) -> None:
    begins: list[str] = []

    def refused(_: Any) -> None:
        begins.append("BEGIN")
        raise OperationalError("BEGIN", {}, Exception())

    event.listen(books.engine, "begin", refused, insert=True)
    answers = await books.gathered(adding("a"), adding("b"))
    assert [type(one) for one in answers] == [OperationalError] * 2
    assert len(begins) == 2


async def test_what_others_remember_of_a_change_is_committed_before_they_look(books: Books) -> None:
    def marked(session: Session) -> str:
        session.info[LAST] = True
        return str(adding("a")(session))

    def look(_: Session) -> list[str]:
        return books.kept()

    assert await books.gathered(marked, look) == ["a", ["a"]]


async def test_nothing_is_done_for_whoever_has_gone(books: Books) -> None:
    under_way, goes_on = Event(), Event()

    def first(_: Session) -> None:
        under_way.set()
        goes_on.wait(10)

    slow = asyncio.create_task(books.write(first))
    await asyncio.to_thread(under_way.wait, 10)
    gone = asyncio.create_task(books.write(adding("gone")))
    await asyncio.sleep(0)
    gone.cancel()
    stays = asyncio.create_task(books.write(adding("stays")))
    await asyncio.sleep(0)
    goes_on.set()
    await asyncio.gather(slow, stays)
    assert books.kept() == ["stays"]


async def test_no_transaction_takes_more_than_so_many(books: Books) -> None:
    names = [f"thing-{n:03d}" for n in range(2 * MOST + 1)]
    assert await books.gathered(*map(adding, names)) == names
    assert books.commits >= 3
