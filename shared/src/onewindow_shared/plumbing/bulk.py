"""Inserts that both databases know: many plain rows in one statement, or one that may be there already.

Of many rows PostgreSQL is sent one array per column: the statement stays the same for any number of rows,
so that it is prepared once. SQLite runs a short statement many times, which costs it least.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Rows = Sequence[dict[str, Any]]
"""Rows by column name; all have the same columns."""
Key = tuple[str, ...]
Insert = sqlite.Insert | postgresql.Insert
_POSTGRES = "postgresql"


def table_of(model: Any) -> Table:
    """Return the table of a mapped class."""
    return cast("Table", model.__table__)


def insert_into(session: Session, table: Any) -> Insert:
    """Return an insert into a table or mapped class that can say what becomes of a row that is there."""
    return postgresql.insert(table) if session.get_bind().dialect.name == _POSTGRES else sqlite.insert(table)


def count_on(
    session: Session, counter: InstrumentedAttribute[int], key: Mapping[str, Any], *, start: int, by: int = 1
) -> int:
    """Add `by` to the counter of a key, which is at `start` where there is none yet; return what it is now.

    Whoever counts under the same key waits until this transaction ends.
    """
    first = insert_into(session, counter.class_).values(**key, **{counter.key: start + by})
    counted = first.on_conflict_do_update(index_elements=list(key), set_={counter.key: counter + by})
    now: int = session.execute(counted.returning(counter)).scalar_one()
    return now


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows."""
    if rows:
        connection.execute(*_ready(connection, table, rows))


def insert_or_move(connection: Connection, table: Table, rows: Rows, key: Sequence[str]) -> None:
    """Insert rows; where one of the same unique `key` is there, give it the new values instead."""
    if rows:
        statement, values = _ready(connection, table, rows)
        connection.execute(_or_move(statement, tuple(rows[0]), key), values)


def _or_move(statement: Insert, names: Sequence[str], key: Sequence[str]) -> Insert:
    moved = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=moved)


def insert_all(connection: Connection, several: Mapping[Table, Rows], keys: Mapping[Table, Key]) -> None:
    """Insert rows of several tables; those of a table with a unique key of `keys` as `insert_or_move` does.

    PostgreSQL is sent one statement for all of them: a round trip costs it more than the rows do.
    """
    filled = {table: rows for table, rows in several.items() if rows}
    if connection.dialect.name == _POSTGRES and len(filled) > 1:
        shapes = tuple((table, tuple(rows[0]), keys.get(table, ())) for table, rows in filled.items())
        values = {
            _array_name(name, table): [row[name] for row in filled[table]]
            for table, names, _ in shapes
            for name in names
        }
        connection.execute(_into_all(shapes), values)
        return
    for table, rows in filled.items():
        if key := keys.get(table):
            insert_or_move(connection, table, rows, key)
        else:
            insert_rows(connection, table, rows)


@lru_cache(maxsize=256)
def _into_all(shapes: Sequence[tuple[Table, Key, Key]]) -> Insert:
    statements = []
    for table, names, key in shapes:
        into = _from_arrays(table, names, of_many=True)
        statements.append(_or_move(into, names, key) if key else into)
    first, *others = statements
    return first.add_cte(*(other.cte(f"into_{other.table.name}") for other in others))


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
def _from_arrays(table: Table, names: tuple[str, ...], *, of_many: bool = False) -> postgresql.Insert:
    named = {name: _array_name(name, table if of_many else None) for name in names}
    arrays = [func.unnest(array_of(table.columns[name], named[name])) for name in names]
    added = _defaults(table, names)
    rows = select(*arrays, *added.values())
    return postgresql.insert(table).from_select([*names, *added], rows, include_defaults=False)


def _defaults(table: Table, names: tuple[str, ...]) -> dict[str, ColumnElement[Any]]:
    """Return what columns that the rows do not have begin with; no insert inside of another adds it."""
    missing = {column.name: column.default for column in table.columns if column.name not in names}
    return {
        name: literal(default.arg, table.columns[name].type)
        for name, default in missing.items()
        if isinstance(default, ScalarElementColumnDefault)
    }


def array_of(column: Column[Any], name: str) -> BindParameter[Any]:
    """Return the parameter of a column's values; texts without a length, which a cast would cut off."""
    kind = Text() if isinstance(column.type, String) else column.type
    return bindparam(name, type_=postgresql.ARRAY(kind, dimensions=1))


def _array_name(column: str, table: Table | None = None) -> str:
    return f"{column}_values" if table is None else f"{table.name}_{column}_values"
