"""Keeping the copy of the grid cells, and asking it."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from onewindow_intake.grids.models import GridCell
from onewindow_shared.contracts.events import GridCellChanged
from onewindow_shared.plumbing.unit import Unit


def grid_changed(unit: Unit, event: GridCellChanged) -> None:
    """Keep what is told of a cell; its end is for good, whatever comes late."""
    known = unit.session.get(GridCell, event.code)
    if known is None or known.effective_until is None:
        unit.session.merge(GridCell(**event.model_dump()))


def cells_on(session: Session, day: date) -> frozenset[str]:
    """Return the codes of the cells that there are on a day."""
    begun = or_(GridCell.effective_from.is_(None), GridCell.effective_from <= day)
    lasting = or_(GridCell.effective_until.is_(None), GridCell.effective_until >= day)
    return frozenset(session.scalars(select(GridCell.code).where(begun, lasting)))
