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
from sqlalchemy import ColumnElement, Select, Subquery, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute

from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.problems import BadCursor

if TYPE_CHECKING:
    from onewindow_shared.plumbing.unit import Unit

Row = TypeVar("Row")
Out = TypeVar("Out")

MAX_LIMIT = 200
EXAMINED, LOOKS = 2000, 5
"""Where a filter has no index, a page looks at so many rows at a time, and so often at most."""
FIRST_LOOK = 4
"""At how many rows, for each that is wanted, it looks at first."""
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
    ordered = _after(unit, query, keyset, wanted, bound).order_by(*_order(keyset, keyset.keys[0].class_))
    rows = unit.session.scalars(ordered.limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    following = _next(unit, keyset, bound, shown[-1]) if len(rows) > wanted.limit else None
    return Page[Out](items=[show(row) for row in shown], next=following)


def page_within(
    unit: "Unit",
    ranges: Sequence[Select[Row]],
    sieve: Sequence[ColumnElement[bool]],
    keyset: Keyset,
    wanted: Wanted,
    *,
    bound: str,
    show: Callable[[Row], Out],
) -> Page[Out]:
    """Run one page of the rows of `ranges` that pass the conditions of `sieve`, for which there is no index.

    Each range is found by an index in the order of the list, no row is in two of them, and all are narrowed
    for one reason. Without conditions the page looks at the wanted rows and one more; otherwise at few of
    them first, since mostly many pass, and at `LOOKS` times `EXAMINED` at most, so that it costs the same
    however many there are: where hardly any pass, it may hold fewer than wanted, or none, and still have a
    `next`.
    """
    rows: list[Row] = []
    last: Any = None
    for examined in _looks(wanted.limit, sifted=bool(sieve)) if ranges else ():
        begun = [_after(unit, query, keyset, wanted, bound) for query in ranges]
        looked_at = first_of(begun, keyset, examined)
        query = among(looked_at, keyset).execution_options(**ranges[0].get_execution_options())
        through = query.where(*sieve).order_by(*_order(keyset, looked_at.c))
        rows += unit.session.scalars(through.limit(wanted.limit + 1 - len(rows)))
        if len(rows) > wanted.limit:
            last = rows[wanted.limit - 1]
            break
        ends = select(looked_at).order_by(*_order(keyset, looked_at.c)).offset(examined - 1).limit(1)
        last = unit.session.execute(ends.execution_options(**ranges[0].get_execution_options())).first()
        if last is None:
            break
        wanted = Wanted(wanted.limit, _next(unit, keyset, bound, last))
    following = None if last is None else _next(unit, keyset, bound, last)
    return Page[Out](items=[show(row) for row in rows[: wanted.limit]], next=following)


def _looks(limit: int, *, sifted: bool) -> list[int]:
    if not sifted:
        return [limit + 1]
    return [min(FIRST_LOOK * limit, EXAMINED), *[EXAMINED] * (LOOKS - 1)]


def first_of(ranges: Sequence[Select[Row]], keyset: Keyset, most: int) -> Subquery:
    """Return the keys of the first rows of these ranges together.

    Each range says its order and its end by itself, so that databases merge them as they go; only the keys
    are taken along, which indexes hold.
    """
    order = _order(keyset, keyset.keys[0].class_)
    ordered = [query.with_only_columns(*keyset.keys).order_by(*order).limit(most) for query in ranges]
    if len(ordered) == 1:
        return ordered[0].subquery()
    together = union_all(*(select(query.subquery()) for query in ordered)).subquery()
    return select(together).order_by(*_order(keyset, together.c)).limit(most).subquery()


def among(looked_at: Subquery, keyset: Keyset) -> Select[Any]:
    """Return a query of the rows whose keys these are; the last key is the rows' own."""
    own = keyset.keys[-1]
    return select(own.class_).join(looked_at, own == looked_at.c[own.key])


def _after(unit: "Unit", query: Select[Row], keyset: Keyset, wanted: Wanted, bound: str) -> Select[Row]:
    """Begin a query where the page before ended."""
    keys = keyset.keys
    if wanted.cursor is not None:
        values = unit.cursors.read(f"{unit.service}/{bound}", wanted.cursor)
        mark = tuple_(*(_typed(key, value) for key, value in zip(keys, values, strict=True)))
        query = query.where(tuple_(*keys) < mark if keyset.newest_first else tuple_(*keys) > mark)
    return query


def _order(keyset: Keyset, entity: Any) -> list[ColumnElement[Any]]:
    columns = [getattr(entity, key.key) for key in keyset.keys]
    return [column.desc() if keyset.newest_first else column.asc() for column in columns]


def _next(unit: "Unit", keyset: Keyset, bound: str, last: Any) -> str:
    return unit.cursors.write(f"{unit.service}/{bound}", [getattr(last, key.key) for key in keyset.keys])
