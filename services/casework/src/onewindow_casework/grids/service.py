"""Drawing cells, and having them go on under other codes."""

from datetime import date, timedelta

from sqlalchemy import select

from onewindow_casework.grids import queries
from onewindow_casework.grids.models import GridCell
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import GridCellChanged
from onewindow_shared.contracts.grids import GridEndIn, GridIn, GridOut
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import NotFound, Problem, invalid
from onewindow_shared.plumbing.reference import LARGER, Area
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, place
from onewindow_shared.plumbing.unit import Unit


class CellExists(Problem):
    """A code is one cell's for ever, and this one is, or was, another's."""

    type = "urn:onewindow:problem:cell-exists"
    title = "Cell exists"
    status = 409


def cells(unit: Unit, wanted: Wanted, area: str, as_of: date | None) -> Page[GridOut]:
    """Return the cells of an area within reach on a day."""
    if unit.session.get(Area, area) is None or not unit.actor.scope.covers(area):
        raise NotFound
    return queries.cells(unit, wanted, area, as_of or unit.today)


def read(unit: Unit, code: str) -> GridOut:
    """Return a cell within reach, living or not."""
    return queries.show(unit, must_find(unit.session, select(GridCell).where(GridCell.code == code)))


def draw(unit: Unit, body: GridIn) -> GridOut:
    """Draw a cell of a community within reach."""
    _refuse(community_faults(unit, body.code, body.effective_from or unit.today, field="code"))
    if not unit.actor.scope.covers(body.code[:COMMUNITY]):
        raise invalid({"code": "outside your district"})
    return _drawn(unit, body)


def go_on(unit: Unit, code: str, body: GridEndIn) -> GridOut:
    """End a cell; its heir, another one or a new one, stands for it from the day on."""
    cell = must_find(unit.session, select(GridCell).where(GridCell.code == code).with_for_update())
    last = body.effective_on - timedelta(days=1)
    if cell.effective_until is not None:
        raise invalid({"effective_on": f"it ends on {cell.effective_until}; {cell.heir} stands for it"})
    if not cell.lives(last):
        raise invalid({"effective_on": f"it begins on {cell.effective_from}"})
    if body.heir == code or body.heir[:DISTRICT] != code[:DISTRICT]:
        raise invalid({"heir": "is another cell of the same district"})
    _refuse(community_faults(unit, body.heir, body.effective_on, field="heir"))
    heir = unit.session.get(GridCell, body.heir)
    if heir is None:
        name = body.name or cell.name
        _drawn(unit, GridIn(code=body.heir, name=name, effective_from=body.effective_on))
    elif not heir.lives(body.effective_on) or heir.effective_until is not None:
        raise invalid({"heir": "is no cell of that day, or ends itself"})
    cell.effective_until, cell.heir = last, body.heir
    unit.session.flush()
    detail = {"heir": body.heir, "document_no": body.document_no}
    unit.audit("grid_cell.ended", "grid_cell", code, area=cell.community, detail=detail)
    tell(unit, cell)
    return queries.show(unit, cell)


def community_faults(unit: Unit, code: str, day: date, *, field: str) -> dict[str, str]:
    """Say why a code cannot be a cell's on a day; nothing if it can."""
    area = unit.session.get(Area, code[:COMMUNITY])
    if area is None or area.kind in LARGER:
        return {field: "begins with no community of the register"}
    return {} if area.lives(day) else {field: f"its community {area.why_not(day)}"}


def tell(unit: Unit, cell: GridCell) -> None:
    """Have the other services hear of a cell."""
    unit.publish(
        GridCellChanged(
            code=cell.code, effective_from=cell.effective_from, effective_until=cell.effective_until
        )
    )


def _drawn(unit: Unit, body: GridIn) -> GridOut:
    cell = GridCell(**body.model_dump(), **place(body.code[:COMMUNITY]))
    unit.session.add(cell)
    unit.session.flush()
    unit.audit("grid_cell.drawn", "grid_cell", body.code, area=cell.community)
    tell(unit, cell)
    return queries.show(unit, cell)


def _refuse(faults: dict[str, str]) -> None:
    if faults:
        raise invalid(faults)
