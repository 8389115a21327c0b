"""Many rows in one statement arrive as they were given, on both databases."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.bulk import (
    count_on,
    insert_all,
    insert_new,
    insert_or_move,
    insert_rows,
    table_of,
)
from onewindow_shared.plumbing.reference import Area, CalendarYear
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.timers import KEY, Timer
from onewindow_shared.plumbing.unit import Unit
from testkit.api import MONDAY

AREAS, AUDIT, TIMERS = map(table_of, (Area, AuditRecord, Timer))


def area(code: str, name: str = "西安社区", population: int | None = None) -> dict[str, Any]:
    return {"code": code, "name": name, "kind": "street", "population": population}


def timer(entity: str, tries: int = 0) -> dict[str, Any]:
    return {"kind": "fire", "entity_id": entity, "due_at": MONDAY, "try_at": MONDAY, "tries": tries}


def audited(roles: Sequence[list[str]]) -> list[dict[str, Any]]:
    row = {"at": MONDAY, "actor": "a", "action": "b", "entity_type": "c", "entity_id": "d", "request_id": "-"}
    return [{**row, "roles": one, "reason_sealed": None, "detail": {"roles": one}} for one in roles]


@pytest.mark.parametrize("roles", [[["a"]], [[], ["a"], ["a", "b"]], [["a", "b"], ["c", "d"]]])
async def test_a_list_in_a_document_is_one_value(runtime: Runtime, roles: list[list[str]]) -> None:
    def kept(unit: Unit) -> list[tuple[list[str], dict[str, Any]]]:
        insert_rows(unit.session.connection(), AUDIT, audited(roles))
        found = unit.session.execute(select(AUDIT.c.roles, AUDIT.c.detail).order_by(AUDIT.c.id))
        return [(row.roles, row.detail) for row in found]

    assert await runtime.system(kept) == [(one, {"roles": one}) for one in roles]


async def test_nothing_is_left_out_of_what_may_be_null(runtime: Runtime) -> None:
    def kept(unit: Unit) -> list[int | None]:
        insert_rows(unit.session.connection(), AREAS, [area("1"), area("2", population=3)])
        return list(unit.session.scalars(select(AREAS.c.population).order_by(AREAS.c.code)))

    assert await runtime.system(kept) == [None, 3]


async def test_what_is_there_already_is_passed_over_and_not_told(runtime: Runtime) -> None:
    def again(unit: Unit) -> tuple[list[Any], dict[str, str]]:
        connection = unit.session.connection()
        insert_rows(connection, AREAS, [area("1", "old")])
        new = insert_new(connection, AREAS, [area("1"), area("2"), area("3")], AREAS.c.code)
        return new, dict(unit.session.execute(select(AREAS.c.code, AREAS.c.name)).all())

    new, names = await runtime.system(again)
    assert sorted(new) == [("2",), ("3",)]
    assert names == {"1": "old", "2": "西安社区", "3": "西安社区"}


async def test_what_is_there_already_gets_the_new_values(runtime: Runtime) -> None:
    def moved(unit: Unit) -> dict[str, int]:
        connection = unit.session.connection()
        insert_rows(connection, TIMERS, [timer("a", tries=7)])
        insert_or_move(connection, TIMERS, [timer("a"), timer("b", tries=1)], KEY)
        return dict(unit.session.execute(select(TIMERS.c.entity_id, TIMERS.c.tries)).all())

    assert await runtime.system(moved) == {"a": 0, "b": 1}


async def test_rows_of_several_tables_arrive_together(runtime: Runtime) -> None:
    def moved(unit: Unit) -> tuple[dict[str, int], list[str], int]:
        connection = unit.session.connection()
        insert_rows(connection, TIMERS, [timer("a", tries=7)])
        rows = {
            AREAS: [area("1"), area("2")],
            AUDIT: audited([["a"], ["b", "c"]]),
            TIMERS: [timer("a"), timer("b", tries=1)],
        }
        insert_all(connection, rows, {TIMERS: KEY})
        timers = dict(unit.session.execute(select(TIMERS.c.entity_id, TIMERS.c.tries)).all())
        areas = list(unit.session.scalars(select(AREAS.c.code).order_by(AREAS.c.code)))
        return timers, areas, len(unit.session.execute(select(AUDIT.c.id)).all())

    assert await runtime.system(moved) == ({"a": 0, "b": 1}, ["1", "2"], 2)


async def test_no_rows_are_no_statement(runtime: Runtime) -> None:
    def nothing(unit: Unit) -> list[Any]:
        connection = unit.session.connection()
        insert_rows(connection, AREAS, [])
        insert_or_move(connection, TIMERS, [], KEY)
        insert_all(connection, {AREAS: [], AUDIT: []}, {})
        return insert_new(connection, AREAS, [], AREAS.c.code)

    assert await runtime.system(nothing) == []


async def test_a_counter_begins_where_it_is_told_and_goes_on_from_where_it_is(runtime: Runtime) -> None:
    def count(unit: Unit, year: int, by: int) -> int:
        return count_on(unit.session, CalendarYear.revision, {"year": year}, start=2, by=by)

    assert [await runtime.system(count, 2027, 1), await runtime.system(count, 2027, 5)] == [3, 8]
    assert await runtime.system(count, 2028, 4) == 6
