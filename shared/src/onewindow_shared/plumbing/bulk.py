"""Many plain rows of one table in one statement, on both databases.

PostgreSQL is sent one array per column: the statement stays the same for any number of rows, so that it is
prepared once. SQLite runs a short statement many times, which costs it least.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import BindParameter, Column, Connection, String, Table, Text, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[dict[str, Any]]
"""Rows by column name; all have the same columns."""
Insert = sqlite.Insert | postgresql.Insert
_POSTGRES = "postgresql"


def table_of(model: Any) -> Table:
    """Return the table of a mapped class."""
    return cast("Table", model.__table__)


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows."""
    if rows:
        connection.execute(*_ready(connection, table, rows))


def insert_or_move(connection: Connection, table: Table, rows: Rows, key: Sequence[str]) -> None:
    """Insert rows; where one of the same unique `key` is there, give it the new values instead."""
    if not rows:
        return
    statement, values = _ready(connection, table, rows)
    moved = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=moved), values)


def insert_new(connection: Connection, table: Table, rows: Rows, *wanted: Column[Any]) -> list[Any]:
    """Insert the rows that break no unique constraint; return the `wanted` columns of these, in any order."""
    if not rows:
        return []
    statement, values = _ready(connection, table, rows)
    found = connection.execute(statement.on_conflict_do_nothing().returning(*wanted), values)
    return list(found.all())


def _ready(connection: Connection, table: Table, rows: Rows) -> tuple[Insert, Any]:
    """Return an insert, and the parameters to run it with."""
    if connection.dialect.name != _POSTGRES:
        return sqlite.insert(table), rows
    names = tuple(rows[0])
    return _from_arrays(table, names), {_array_name(name): [row[name] for row in rows] for name in names}


@lru_cache(maxsize=256)
def _from_arrays(table: Table, names: tuple[str, ...]) -> postgresql.Insert:
    arrays = [func.unnest(array_of(table.columns[name], _array_name(name))) for name in names]
    return postgresql.insert(table).from_select(list(names), select(*arrays))


def array_of(column: Column[Any], name: str) -> BindParameter[Any]:
    """Return the parameter of a column's values; texts without a length, which a cast would cut off."""
    kind = Text() if isinstance(column.type, String) else column.type
    return bindparam(name, type_=postgresql.ARRAY(kind, dimensions=1))


def _array_name(column: str) -> str:
    return f"{column}_values"
