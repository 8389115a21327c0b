"""From a broken database constraint to the error that people are told: no check-then-insert."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Index, MetaData, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from onewindow_shared.plumbing.problems import Problem

Conflicts = Mapping[str, Callable[[], Problem]]
"""Constraint name -> the problem that it stands for."""


def constraint_of(error: IntegrityError, known: Iterable[MetaData]) -> str | None:
    """Return the name of the constraint that `error` broke, on either database."""
    cause = getattr(error.orig, "__cause__", None)
    name = getattr(cause, "constraint_name", None)
    if name is not None:
        return str(name)
    text = str(error.orig)
    kind, _, rest = text.partition(" constraint failed: ")
    if kind != "UNIQUE":
        return rest or None
    if rest.startswith("index "):
        return rest.removeprefix("index ").strip("'")
    columns = {part.strip() for part in rest.split(",")}
    return next((name for meta in known for name in _unique_on(meta, columns)), None)


def _unique_on(meta: MetaData, columns: set[str]) -> Iterable[str]:
    for table in meta.tables.values():
        for candidate in (*table.constraints, *table.indexes):
            unique = isinstance(candidate, UniqueConstraint) or (
                isinstance(candidate, Index) and candidate.unique
            )
            name = getattr(candidate, "name", None)
            if unique and name and _columns(table, candidate) == columns:
                yield str(name)
        if _columns(table, table.primary_key) == columns:
            yield str(table.primary_key.name)


def _columns(table: Table, candidate: object) -> set[str]:
    return {f"{table.name}.{column.name}" for column in getattr(candidate, "columns", ())}
