"""How fast the outbox empties into another process, beside the same statements inside the database.

    python bench/relay.py [--events 20000] [--rounds 5] [--postgres URL]

Events wait in a sender's outbox; a real relay carries them over real HTTP to a receiver in a process of its
own, whose inbox writes one row of effect per event. In each round the same rows are also moved by plain
INSERT ... SELECT and DELETE on one connection, which is the limit that the database sets. Printed: events a
second and the ratio of the two, medians with [lowest-highest], for SQLite files and, where one is reachable,
PostgreSQL.
"""

import argparse
import asyncio
import base64
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Connection, delete, func, insert, select, text
from sqlalchemy.orm import Session

from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_shared.plumbing import logs
from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.database import Database, connect, metadata
from onewindow_shared.plumbing.migrations import with_connection
from onewindow_shared.plumbing.outbox import OutboxRecord, outbox_rows
from onewindow_shared.plumbing.privacy import new_index_key, new_key_ring
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.relay import Relay
from onewindow_shared.plumbing.scope import EVERYTHING
from onewindow_shared.plumbing.service import Service, create_app
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.tables import PlumbingBase
from onewindow_shared.plumbing.transport import HttpTransport
from onewindow_shared.plumbing.unit import Unit

PORT = 18102
SECRET = base64.b64encode(b"bench-secret-of-thirty-two-bytes").decode()
ENVIRONMENT = {
    "ONEWINDOW_ISSUER": "http://issuer.invalid",
    "ONEWINDOW_JWKS_URL": "http://issuer.invalid/jwks",
    "ONEWINDOW_EVENTS_SECRET": SECRET,
    "ONEWINDOW_DATA_KEYS": new_key_ring(),
    "ONEWINDOW_INDEX_KEY": new_index_key(),
    "ONEWINDOW_CURSOR_SECRET": SECRET,
}


def _effect(unit: Unit, event: AreaChanged) -> None:
    unit.session.add(Area(code=event.code, name=event.name, kind=event.kind, population=event.population))


def receiver(url: str) -> None:
    """Serve an inbox whose effect is one row per event."""
    import uvicorn

    os.environ.update(ENVIRONMENT, ONEWINDOW_DATABASE_URL=url)
    service = Service(
        "intake", "bench", "bench", ServiceSettings, metadata(), handlers={AreaChanged: _effect}
    )
    logs.configure("bench", "ERROR")
    app = create_app(service, ServiceSettings(), background=False)
    uvicorn.run(app, port=PORT, loop="uvloop", http="httptools", log_level="error", access_log=False)


def _recreate(connection: Connection) -> None:
    PlumbingBase.metadata.drop_all(connection)
    PlumbingBase.metadata.create_all(connection)


async def _fill(database: Database, events: int) -> None:
    now = system_clock()
    rows: list[dict[str, Any]] = []
    for number in range(events):
        event = AreaChanged(code=f"{number:012d}", name="西安社区", kind=AreaKind.OTHER, population=None)
        everyone = outbox_rows(event, source="casework", now=now)
        rows += [row for row in everyone if row["destination"] == "intake"]
    await database.write(EVERYTHING, lambda s: s.execute(insert(OutboxRecord), rows))


async def _through_relay(sender: str, target: str, events: int) -> float:
    database, arrived = connect(sender), connect(target)
    await arrived.write(EVERYTHING, lambda s: s.execute(delete(Area)))
    await _fill(database, events)
    async with httpx2.AsyncClient(timeout=30) as client:
        transport = HttpTransport(client, {"intake": f"http://127.0.0.1:{PORT}"}, SECRET)
        relay = Relay(database, transport, ["intake"], system_clock, max_tries=3)
        started = time.perf_counter()
        delivering = asyncio.create_task(relay.run())
        await _emptied(database)
        seconds = time.perf_counter() - started
        delivering.cancel()
    assert await arrived.read(EVERYTHING, _arrived) == events
    await database.close()
    await arrived.close()
    return events / seconds


async def _emptied(database: Database) -> None:
    while await database.read(EVERYTHING, _next):  # noqa: ASYNC110 - another connection empties it
        await asyncio.sleep(0.01)


def _next(session: Session) -> int | None:
    return session.scalar(select(OutboxRecord.id).limit(1))


def _arrived(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Area)) or 0


async def _inside_the_database(sender: str, events: int) -> float:
    database = connect(sender)
    await database.write(EVERYTHING, lambda s: s.execute(delete(Area)))
    await _fill(database, events)
    started = time.perf_counter()

    while await database.write(EVERYTHING, _move):
        pass
    seconds = time.perf_counter() - started
    await database.close()
    return events / seconds


_BATCH = "WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT 200)"
_TAKE = "INSERT INTO inbox (event_id, received_at) SELECT event_id, created_at FROM outbox"
_EFFECT = "INSERT INTO areas (code, name, kind, revision) SELECT key, type, destination, 0 FROM outbox"


def _move(session: Session) -> int:
    session.execute(text(f"{_TAKE} {_BATCH} ON CONFLICT DO NOTHING"))
    session.execute(text(f"{_EFFECT} {_BATCH}"))
    done = session.execute(text(f"DELETE FROM outbox {_BATCH} RETURNING id"))  # noqa: S608 - a constant
    return len(done.all())


def _spread(values: list[float], form: str) -> str:
    return f"{statistics.median(values):{form}} [{min(values):{form}}-{max(values):{form}}]"


async def _rounds(sender: str, target: str, events: int, rounds: int) -> None:
    relayed, limit = [], []
    for _ in range(rounds):
        relayed.append(await _through_relay(sender, target, events))
        limit.append(await _inside_the_database(sender, events))
    ratio = [mine / best for mine, best in zip(relayed, limit, strict=True)]
    print(f"  relay      {_spread(relayed, ',.0f')} events/s")
    print(f"  inside     {_spread(limit, ',.0f')} events/s")
    print(f"  ratio      {_spread(ratio, '.2f')}")


def measure(name: str, sender: str, target: str, events: int, rounds: int) -> None:
    """Run all rounds on one kind of database."""
    print(name)
    for url in (sender, target):
        with_connection(url, _recreate)
    process = subprocess.Popen([sys.executable, __file__, "--receive", target])
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                httpx2.get(f"http://127.0.0.1:{PORT}/healthz")
                break
            except httpx2.HTTPError:
                continue
        asyncio.run(_rounds(sender, target, events, rounds))
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgres", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--receive", metavar="URL", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.receive:
        receiver(told.receive)
        return
    with tempfile.TemporaryDirectory() as folder:
        sender, target = [f"sqlite:///{Path(folder) / name}.sqlite3" for name in ("sender", "receiver")]
        measure("SQLite (synchronous=FULL)", sender, target, told.events, told.rounds)
    names = [told.postgres.rpartition("/")[0] + f"/onewindow_bench_{name}" for name in ("sender", "receiver")]
    for name in names:
        _create(told.postgres, name.rpartition("/")[2])
    measure("PostgreSQL", names[0], names[1], told.events, told.rounds)


def _create(admin: str, name: str) -> None:
    async def create() -> None:
        import asyncpg

        connection = await asyncpg.connect(admin)
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.close()

    asyncio.run(create())


if __name__ == "__main__":
    main()
