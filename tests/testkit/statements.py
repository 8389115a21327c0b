"""Statements are compiled once per process: every test opens its database anew, on an engine that knows none."""

from typing import Any

from sqlalchemy import Compiled, Dialect, Engine
from sqlalchemy.util import LRUCache

from onewindow_shared.plumbing.database import Database, PostgresDatabase, SqliteDatabase, connect

AS_MANY_AS_ALL_TESTS_SEND = 10_000
_known: dict[str, tuple[Dialect, LRUCache[Any, Compiled]]] = {}


def connect_knowing(url: str, connections: int = 10) -> Database:
    """Open a database as a service does, with what was compiled for those before."""
    database = connect(url, connections)
    for engine in _engines(database):
        new = engine.dialect, LRUCache[Any, Compiled](AS_MANY_AS_ALL_TESTS_SEND)
        engine.dialect, engine._compiled_cache = _known.setdefault(engine.name, new)
    return database


def _engines(database: Database) -> list[Engine]:
    match database:
        case SqliteDatabase():
            return [database._write_engine, database._read_engine]
        case PostgresDatabase():
            return [database._engine.sync_engine]
        case _:
            raise TypeError(database)
