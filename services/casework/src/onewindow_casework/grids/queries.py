"""Reading the cells of an area."""

from datetime import date

from sqlalchemy import or_, select

from onewindow_casework.grids.models import GridCell
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.grids import GridOut
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit

BY_CODE = Keyset((GridCell.code,))


def cells(unit: Unit, wanted: Wanted, area: str, day: date) -> Page[GridOut]:
    """Return a page of the cells that an area has on a day, with those of the codes that it is heir of."""
    query = select(GridCell).where(
        within(GridCell, unit.heirs.gathered(area, day)),
        or_(GridCell.effective_from.is_(None), GridCell.effective_from <= day),
        or_(GridCell.effective_until.is_(None), GridCell.effective_until >= day),
    )
    bound = f"grid cells {area} {day}"
    return page(unit, query, BY_CODE, wanted, bound=bound, show=lambda cell: show(unit, cell))


def show(unit: Unit, cell: GridCell) -> GridOut:
    """Return a cell."""
    return GridOut(
        code=cell.code,
        name=cell.name,
        community=unit.heir(cell.community),
        effective_from=cell.effective_from,
        effective_until=cell.effective_until,
        heir=cell.heir,
    )
