"""What lists of money, orders and refusals can be narrowed to."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Query
from sqlalchemy import ColumnElement, Select

from onewindow_shared.contracts.common import AreaCode, Code
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, STREET, AreaScoped

Row = TypeVar("Row")
_LEVELS = {DISTRICT: "district", STREET: "street", COMMUNITY: "community"}


@dataclass(frozen=True)
class Filters:
    """What a list is of; a dependency of its route."""

    area: Annotated[AreaCode | None, Query(description="Only of this district, street or community")] = None
    department: Annotated[Code | None, Query()] = None
    item: Annotated[Code | None, Query()] = None


def within(table: type[AreaScoped], area: str) -> ColumnElement[bool]:
    """Select the rows of an area, by the column of its level."""
    column: ColumnElement[str] = getattr(table, _LEVELS[len(area)])
    return column == area


def narrowed(query: Select[Row], filters: Filters) -> Select[Row]:
    """Narrow a query to an area, a department and an item."""
    exact = {"department": filters.department, "item": filters.item}
    if filters.area is not None:
        exact[_LEVELS[len(filters.area)]] = filters.area
    return query.filter_by(**{name: value for name, value in exact.items() if value is not None})
