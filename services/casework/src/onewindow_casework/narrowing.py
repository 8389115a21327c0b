"""What lists of money, orders and refusals can be narrowed to."""

from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Query
from sqlalchemy import Select, select

from onewindow_shared.contracts.common import AreaCode, Code
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.unit import Unit

Row = TypeVar("Row", bound=AreaScoped)


@dataclass(frozen=True)
class Filters:
    """What a list is of; a dependency of its route."""

    area: Annotated[AreaCode | None, Query(description="Only of this district, street or community")] = None
    department: Annotated[Code | None, Query()] = None
    item: Annotated[Code | None, Query()] = None


def narrowed(unit: Unit, table: type[Row], filters: Filters) -> Select[Row]:
    """Select the rows of an area, a department and an item."""
    exact = {"department": filters.department, "item": filters.item}
    query = select(table)
    if filters.area is not None:
        query = query.where(within(table, unit.gathered(filters.area)))
    return query.filter_by(**{name: value for name, value in exact.items() if value is not None})
