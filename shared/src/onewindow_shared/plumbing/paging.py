"""Keyset pages with signed cursors: every page costs the same, however deep it lies.

A cursor is bound to its list and filters; anything else made of it is refused.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Query
from sqlalchemy import ColumnElement, Select, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.problems import BadCursor

if TYPE_CHECKING:
    from onewindow_shared.plumbing.unit import Unit

Row = TypeVar("Row")
Out = TypeVar("Out")

MAX_LIMIT = 200
EXAMINED = 2000
"""Rows that one page looks at, at most, for those that a filter without an index lets through."""
_TAG = 16


@dataclass(frozen=True)
class Wanted:
    """Which page the caller wants; a dependency of list routes."""

    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items on the page")] = 50
    cursor: Annotated[str | None, Query(max_length=512, description="`next` of the page before")] = None


@dataclass(frozen=True)
class Keyset:
    """The order of a list: columns that are never null, unique together, and all run in one direction."""

    keys: Sequence[InstrumentedAttribute[Any]]
    newest_first: bool = False


class Cursors:
    """Signs and reads cursors."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def write(self, bound: str, values: Sequence[Any]) -> str:
        """Return the cursor that continues the list `bound` after a row with these key values."""
        body = json.dumps([_plain(value) for value in values]).encode()
        return base64.urlsafe_b64encode(self._tag(bound, body) + body).decode().rstrip("=")

    def read(self, bound: str, cursor: str) -> list[Any]:
        """Return the key values of a cursor, or raise `BadCursor`."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise BadCursor from None
        tag, body = raw[:_TAG], raw[_TAG:]
        if not hmac.compare_digest(tag, self._tag(bound, body)):
            raise BadCursor
        values: list[Any] = json.loads(body)
        return values

    def _tag(self, bound: str, body: bytes) -> bytes:
        return hmac.new(self._secret, bound.encode() + b"\0" + body, hashlib.sha256).digest()[:_TAG]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(column: InstrumentedAttribute[Any], value: Any) -> Any:
    """Return a cursor's value as the column stores it; SQLite would compare instants as texts."""
    kind = column.type.python_type
    return literal(kind.fromisoformat(value) if kind in (date, datetime) else value, column.type)


def page(
    unit: "Unit",
    query: Select[Row],
    keyset: Keyset,
    wanted: Wanted,
    *,
    bound: str,
    show: Callable[[Row], Out],
) -> Page[Out]:
    """Run one page of `query`. `bound` names the list and its filters; `show` makes the contract of a row."""
    ordered = _after(unit, query, keyset, wanted, bound)
    rows = unit.session.scalars(ordered.limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    following = _next(unit, keyset, bound, shown[-1]) if len(rows) > wanted.limit else None
    return Page[Out](items=[show(row) for row in shown], next=following)


def page_within(
    unit: "Unit",
    query: Select[Row],
    sieve: Callable[[Any], Sequence[ColumnElement[bool]]],
    keyset: Keyset,
    wanted: Wanted,
    *,
    bound: str,
    show: Callable[[Row], Out],
) -> Page[Out]:
    """Run one page of the rows of `query` that pass the conditions of `sieve`, for which there is no index.

    It looks at `EXAMINED` rows of `query` at most, so that it costs the same however many there are: a page
    may hold fewer rows than wanted, or none, and still have a `next`.
    """
    looked_at = _after(unit, query, keyset, wanted, bound).limit(EXAMINED)
    kind: Any = keyset.keys[0].class_
    entity = aliased(kind, looked_at.subquery())
    through = select(entity).where(*sieve(entity)).order_by(*_order(keyset, entity))
    through = through.execution_options(**query.get_execution_options())
    rows = unit.session.scalars(through.limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    last = shown[-1] if len(rows) > wanted.limit else _last(unit, looked_at)
    following = None if last is None else _next(unit, keyset, bound, last)
    return Page[Out](items=[show(row) for row in shown], next=following)


def _last(unit: "Unit", looked_at: Select[Row]) -> Row | None:
    """Return the last row that was looked at, if there may be more behind it."""
    return unit.session.scalars(looked_at.offset(EXAMINED - 1).limit(1)).first()


def _after(unit: "Unit", query: Select[Row], keyset: Keyset, wanted: Wanted, bound: str) -> Select[Row]:
    """Order a query, and begin it where the page before ended."""
    keys = keyset.keys
    if wanted.cursor is not None:
        values = unit.cursors.read(f"{unit.service}/{bound}", wanted.cursor)
        mark = tuple_(*(_typed(key, value) for key, value in zip(keys, values, strict=True)))
        query = query.where(tuple_(*keys) < mark if keyset.newest_first else tuple_(*keys) > mark)
    return query.order_by(*_order(keyset, keys[0].class_))


def _order(keyset: Keyset, entity: Any) -> list[ColumnElement[Any]]:
    columns = [getattr(entity, key.key) for key in keyset.keys]
    return [column.desc() if keyset.newest_first else column.asc() for column in columns]


def _next(unit: "Unit", keyset: Keyset, bound: str, last: Any) -> str:
    return unit.cursors.write(f"{unit.service}/{bound}", [getattr(last, key.key) for key in keyset.keys])
