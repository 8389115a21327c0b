"""What must hold of every table of every service."""

import pytest
from sqlalchemy import Table
from sqlalchemy.orm import DeclarativeBase, Mapper

from guards.suite import SERVICES, each_service, service
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import PlumbingBase

LEVELS = {"community", "street", "district"}
AREA_OF_OTHERS = {
    "listed_matters.district": "the lists are public",
    "audit.area": "no route reads the audit: whoever may query the database narrows it by area",
    "accounts.area": "the area an account works in, listed by the district's administrator alone",
    "volunteer_imports.area": "whoever handed a file in follows it, and nobody else",
    "officers.area": "the area an account works in; no route shows it",
    "number_series.district": "a counter of numbers, which says nothing",
    "serial_blocks.community": "a counter of numbers, which says nothing",
    "item_overrides.district": "a district's terms are public; its own staff alone write them",
    "evaluation_rounds.district": "a round's terms are no secret; its pairs are narrowed",
    "certificate_serials.community": "a counter of numbers, which says nothing",
    "departments.district": "departments are public",
    "matters.district": "what law and policy put on the lists is public",
    "work_items.district": "public once listed; before, reached through applications and opinions alone",
    "list_versions.district": "published lists are public",
    "list_entry_areas.area": "published lists are public",
    "area_values.area": "the register is public; what was entered is listed within one's area alone",
    "area_populations.area": "a copy of what the register says in public of every area",
    "norms.district": "what is wanted of communities is public",
    "area_changes.district": "decisions on areas are told to every service and shown within the district",
    "register_imports.district": "whoever keeps a district's register follows its imports, and nobody else",
    "list_changes.district": "what changed on the lists is public; the row waits for its communities",
}
"""Columns that name an area without narrowing who sees the row."""


def mappers() -> dict[str, Mapper[object]]:
    found: dict[str, Mapper[object]] = {}
    waiting = [*DeclarativeBase.__subclasses__()]
    while waiting:
        base = waiting.pop()
        waiting += base.__subclasses__()
        for mapper in getattr(base, "registry", PlumbingBase.registry).mappers:
            found[f"{mapper.class_.__module__}.{mapper.class_.__name__}"] = mapper
    return found


def tables() -> dict[str, Table]:
    return {
        f"{name} {table.name}": table
        for name in SERVICES
        for metadata in service(name).all_tables
        for table in metadata.sorted_tables
    }


TABLES = tables()
each_table = pytest.mark.parametrize("label", TABLES)


def names(table: Table) -> set[object]:
    return {constraint.name for constraint in table.constraints} | {index.name for index in table.indexes}


def class_of(table: Table) -> type:
    return next(mapper.class_ for mapper in mappers().values() if mapper.local_table is table)


@each_table
def test_a_table_that_belongs_to_areas_is_scoped(label: str) -> None:
    table = TABLES[label]
    scoped = issubclass(class_of(table), AreaScoped)
    assert scoped == (set(table.c.keys()) >= LEVELS)
    named = {name for name in table.c.keys() if name in LEVELS | {"area", "area_code"}}  # noqa: SIM118
    if not scoped:
        assert {f"{table.name}.{name}" for name in named} <= set(AREA_OF_OTHERS)


@each_table
def test_what_narrows_a_table_is_a_column_of_it(label: str) -> None:
    found = class_of(TABLES[label])
    if issubclass(found, AreaScoped):
        for name in (found.owner_column, found.department_column, found.published_column):
            assert name is None or name in TABLES[label].c


@each_table
def test_every_constraint_and_index_can_be_told_by_name(label: str) -> None:
    assert None not in names(TABLES[label])


@each_service
def test_sealed_columns_are_known_to_the_command_that_renews_keys(name: str) -> None:
    known = {str(sealed.column.expression) for sealed in service(name).all_sealed}
    tables = [table for metadata in service(name).all_tables for table in metadata.sorted_tables]
    looks_sealed = {
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.c
        if "sealed" in column.name.split("_")
    }
    assert looks_sealed <= known
    assert len({sealed.purpose for sealed in service(name).all_sealed}) == len(service(name).all_sealed)


@each_service
def test_problems_of_constraints_name_constraints_that_exist(name: str) -> None:
    tables = [table for metadata in service(name).all_tables for table in metadata.sorted_tables]
    assert set(service(name).conflicts) <= {known for table in tables for known in names(table)}
