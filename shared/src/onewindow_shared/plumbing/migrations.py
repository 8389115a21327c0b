"""One Alembic tree per service, for SQLite and PostgreSQL alike, shipped inside its package."""

import asyncio
import functools
import importlib.resources
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from alembic import command, context
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from onewindow_shared.plumbing.database import sqlite_engine
from onewindow_shared.plumbing.scope import EVERYTHING

if TYPE_CHECKING:
    from onewindow_shared.plumbing.runtime import Runtime

_LOCK = 0x3316
LOCK_TIMEOUT = "5s"


def configuration(service: str, connection: Connection | None = None) -> Config:
    """Return the Alembic configuration of a service's tree."""
    config = Config()
    location = importlib.resources.files(f"onewindow_{service}") / "migrations"
    config.set_main_option("script_location", str(location))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def run_env(tables: Sequence[MetaData]) -> None:
    """Run the migrations from a tree's `env.py`; several migrators wait for one another."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=list(tables),
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()


def migrate(service: str, url: str, *, down_to: str | None = None) -> None:
    """Bring a service's database to the newest revision, or down to an older one (`base` for none)."""

    def work(connection: Connection) -> None:
        config = configuration(service, connection)
        if down_to is None:
            command.upgrade(config, "head")
        else:
            command.downgrade(config, down_to)

    with_connection(url, work)


def with_connection(url: str, work: Callable[[Connection], None]) -> None:
    """Run `work` on a plain connection to either database, in one transaction.

    On SQLite foreign keys are off meanwhile: Alembic changes a table by copying and dropping it.
    """
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        engine = sqlite_engine(target, begin="BEGIN IMMEDIATE", foreign_keys=False, poolclass=NullPool)
        with engine.begin() as connection:
            work(connection)
        return

    async def on_postgres() -> None:
        engine = create_async_engine(target.set(drivername="postgresql+asyncpg"), poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.run_sync(work)
        await engine.dispose()

    asyncio.run(on_postgres())


@functools.cache
def newest_revision(service: str) -> str | None:
    """Return the revision that the code expects."""
    return ScriptDirectory.from_config(configuration(service)).get_current_head()


async def missing_revision(runtime: "Runtime") -> str | None:
    """Say if the database is not at the revision that the code expects."""
    found = await runtime.database.read(
        EVERYTHING, lambda session: MigrationContext.configure(session.connection()).get_current_revision()
    )
    newest = newest_revision(runtime.name)
    return None if found == newest else f"the database is at revision {found}, the code expects {newest}"
