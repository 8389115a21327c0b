"""Requests at the same moment, in an order that a test chooses: one stops where it writes, others go on."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import asyncpg

from testkit.api import Api

PATIENCE = 2
"""Seconds for which a request may come to where it waits; one that waits in the process is not seen."""
LOOK = 0.01
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
Act = Callable[[], Any]


def at_once(api: Api, table: str, *acts: Act) -> list[Any]:
    """Run acts beside one another, and return what each comes to.

    On PostgreSQL nobody writes to `table` before every act has ended or waits: the first begins, then the
    next, so that a later one overtakes an earlier one unless rows keep it from doing so. SQLite has one writer.
    """
    with ThreadPoolExecutor(len(acts)) as pool:
        if api.runtime.database.dialect == "sqlite":
            return [one.result() for one in [pool.submit(act) for act in acts]]
        running: list[Future[Any]] = []
        with _kept_from_writing(api, table) as waiting:
            for act in acts:
                running.append(pool.submit(act))
                _until_nobody_moves(running, waiting)
        return [one.result() for one in running]


@contextmanager
def _kept_from_writing(api: Api, table: str) -> Iterator[Callable[[], int]]:
    portal, url = api.client.portal, api.runtime.settings.database_url.get_secret_value()
    assert portal is not None
    connection = portal.call(asyncpg.connect, url)
    try:
        portal.call(connection.execute, f"BEGIN; LOCK TABLE {table} IN SHARE MODE")
        yield lambda: portal.call(_waiting, connection)
    finally:
        portal.call(connection.close)


async def _waiting(connection: asyncpg.Connection) -> int:
    await connection.execute("SELECT pg_stat_clear_snapshot()")
    count: int = await connection.fetchval(WAITING)
    return count


def _until_nobody_moves(running: Sequence[Future[Any]], waiting: Callable[[], int]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        left = sum(not one.done() for one in running)
        if waiting() >= left and left == sum(not one.done() for one in running):
            return
        wait(running, timeout=LOOK)
