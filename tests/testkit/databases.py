"""A fresh, migrated database per test: a copied file on SQLite, emptied tables on PostgreSQL."""

import asyncio
import os
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, MetaData, make_url, select

from onewindow_shared.plumbing.migrations import migrate, with_connection

Furnish = Callable[[str], None]
"""Puts into the migrated database at a URL what many tests begin with."""
DEFAULT_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"


def backends() -> list[str]:
    """Return the databases that this run is for."""
    return os.environ.get("ONEWINDOW_TEST_DATABASES", "sqlite,postgresql").split(",")


def postgres_url() -> str:
    return os.environ.get("ONEWINDOW_TEST_POSTGRES", DEFAULT_POSTGRES)


async def _execute(url: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _run(url: str, *statements: str) -> None:
    """Run statements on one connection to PostgreSQL, each in a transaction of its own."""
    asyncio.run(_execute(url, statements))


@cache
def _why_no_postgres() -> str | None:
    try:
        _run(postgres_url(), "SELECT 1")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        return f"PostgreSQL is not reachable: {type(error).__name__}"
    return None


def need(backend: str) -> None:
    """Skip by name where PostgreSQL is not reachable, unless this run must not skip it."""
    if backend != "postgresql":
        return
    why = _why_no_postgres()
    if why and os.environ.get("ONEWINDOW_REQUIRE_POSTGRES"):
        pytest.fail(why)
    if why:
        pytest.skip(why)


@cache
def _template_file(service: str, folder: Path, furnish: Furnish | None) -> Path:
    if furnish is None:
        file = folder / f"{service}.template.sqlite3"
        migrate(service, f"sqlite:///{file}")
    else:
        file = folder / f"{service}.{furnish.__qualname__}.template.sqlite3"
        shutil.copy(_template_file(service, folder, None), file)
        furnish(f"sqlite:///{file}")
    return file


def create_postgres(name: str, template: str | None = None) -> str:
    """Create an empty database or a copy, dropping an older one of that name; return its URL.

    Its commits do not wait for the disk: no test is about a server that loses its power.
    """
    drop_postgres(name)
    unhurried = f'ALTER DATABASE "{name}" SET synchronous_commit = off'
    _run(postgres_url(), f'CREATE DATABASE "{name}" TEMPLATE "{template or "template1"}"', unhurried)
    return make_url(postgres_url()).set(database=name).render_as_string(hide_password=False)


def drop_postgres(name: str) -> None:
    _run(postgres_url(), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@cache
def _migrated_postgres(service: str) -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    url = create_postgres(f"onewindow_test_{service}_{worker}_{os.getpid()}")
    migrate(service, url)
    return url


def drop_all_postgres() -> None:
    """Drop what this process created."""
    worker, pid = os.environ.get("PYTEST_XDIST_WORKER", "main"), os.getpid()
    if _migrated_postgres.cache_info().currsize:
        for service in ("intake", "casework", "volunteers", "gateway"):
            drop_postgres(f"onewindow_test_{service}_{worker}_{pid}")


EMPTY_WHAT_IS_NOT = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
        AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(quote_ident(sequencename), 1, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
"""Rows go without a look at what refers to them. To truncate the tables costs new files, twenty times as much."""

KEEP_WHAT_IS_FILLED = """
DO $$
DECLARE name text; filled boolean;
BEGIN
    CREATE SCHEMA {kept};
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE {kept}.%I AS TABLE public.%I', name, name);
        END IF;
    END LOOP;
    CREATE TABLE {kept}.sequences AS
        SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""

PUT_BACK_WHAT_WAS_KEPT = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT t.relname FROM pg_class t JOIN pg_class k ON k.relname = t.relname AND k.relkind = 'r'
        WHERE t.relnamespace = 'public'::regnamespace AND k.relnamespace = '{kept}'::regnamespace ORDER BY t.oid
    LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM {kept}.%I', name, name);
    END LOOP;
    PERFORM setval(quote_ident(sequencename), last_value) FROM {kept}.sequences;
END $$
"""
"""In the order in which the migrations made the tables, so that what is referred to is there first."""


@cache
def _kept_in_postgres(service: str, furnish: Furnish) -> str:
    """Furnish the empty database once; return the schema that keeps what it then holds."""
    url, kept = _migrated_postgres(service), f"kept_{furnish.__qualname__}"
    _run(url, EMPTY_WHAT_IS_NOT)
    furnish(url)
    _run(url, KEEP_WHAT_IS_FILLED.format(kept=kept), EMPTY_WHAT_IS_NOT)
    return kept


def fresh(backend: str, service: str, folder: Path, templates: Path, furnish: Furnish | None = None) -> str:
    """Return the URL of a service's database at its newest revision, empty or with what `furnish` puts there."""
    need(backend)
    if backend == "sqlite":
        file = folder / f"{service}.sqlite3"
        shutil.copy(_template_file(service, templates, furnish), file)
        return f"sqlite:///{file}"
    url, steps = _migrated_postgres(service), [EMPTY_WHAT_IS_NOT]
    if furnish is not None:
        steps.append(PUT_BACK_WHAT_WAS_KEPT.format(kept=_kept_in_postgres(service, furnish)))
    _run(url, *steps)
    return url


def everything(url: str) -> str:
    """Return all that lies in the database, as text."""
    texts: list[str] = []

    def dump(connection: Connection) -> None:
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            rows = connection.execute(select(table)).all()
            texts.extend(_plain(value) for row in rows for value in row)

    with_connection(url, dump)
    return "\n".join(texts)


def _plain(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
