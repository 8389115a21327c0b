"""What the codes are called by which was counted."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from onewindow_casework.districts.queries import department_names
from onewindow_casework.grids.models import GridCell
from onewindow_casework.matters.models import Matter
from onewindow_casework.officers.service import officer_names
from onewindow_shared.contracts.metrics import Facet
from onewindow_shared.plumbing.figures import as_everywhere
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit


def names(unit: Unit, area: str, facet: Facet, codes: Collection[str]) -> Mapping[str, str]:
    """Tell what departments, grid cells, officers, kinds, categories and channels are called."""
    district = area[:DISTRICT]
    match facet:
        case Facet.DEPARTMENT:
            return department_names(unit, district)
        case Facet.GRID:
            cells = select(GridCell.code, GridCell.name).where(GridCell.code.in_(codes))
            return dict(unit.session.execute(cells).all())
        case Facet.OFFICER:
            return officer_names(unit, codes)
        case Facet.KIND:
            matters = select(Matter.code, Matter.name).where(
                Matter.district == district, Matter.code.in_(codes)
            )
            return {**as_everywhere(unit, area, facet, codes), **dict(unit.session.execute(matters).all())}
        case _:
            return as_everywhere(unit, area, facet, codes)
