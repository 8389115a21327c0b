"""How much waits, counted along indexes and no further than `MOST`: the same cost among a million cases."""

from sqlalchemy import ColumnElement, func, literal_column, select

from onewindow_casework.assignment import queries
from onewindow_casework.handling.models import AWAITED, CaseFile
from onewindow_casework.supervision import lamps
from onewindow_casework.supervision.queries import asked_of
from onewindow_shared.contracts.casework import Queue
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.plumbing.scope import DISTRICT, STREET
from onewindow_shared.plumbing.unit import Unit

MOST = 1000
"""Where a count stops."""


def queue(unit: Unit) -> Queue:
    """Count the open cases within the actor's reach by what they wait for."""
    mine = CaseFile.handler.in_(queries.stood_in_for(unit, unit.actor.subject))
    return Queue(
        mine=_counted(unit, mine),
        team=_by_day(unit),
        offered=_offered(unit),
        unassigned=_counted(unit, CaseFile.handler.is_(None), *_prefix(unit)),
        due_today=_by_day(unit, lamps.lit(unit, Lamp.ORANGE)),
        overdue=_by_day(unit, lamps.lit(unit, Lamp.RED)),
        due_soon=_by_day(unit, lamps.lit(unit, Lamp.YELLOW)),
        followed=_counted(unit, queries.followed(unit.actor.subject)),
        asked=_asked(unit),
        waiting_for_resident=_counted(unit, literal_column(AWAITED), *_prefix(unit)),
        most=MOST,
    )


def _counted(unit: Unit, *where: ColumnElement[bool]) -> int:
    some = select(CaseFile.id).where(CaseFile.open, *where).limit(MOST).subquery()
    return unit.session.scalars(select(func.count()).select_from(some)).one()


def _by_day(unit: Unit, *where: ColumnElement[bool]) -> int:
    """Count as `_counted` does, along the index of last days.

    Without an order PostgreSQL takes those that are due for strewn evenly over the table, and reads it.
    """
    some = select(CaseFile.id).where(CaseFile.open, *where).order_by(CaseFile.promised_due_on)
    return unit.session.scalars(select(func.count()).select_from(some.limit(MOST).subquery())).one()


def _offered(unit: Unit) -> int:
    some = queries.open_offers(unit.actor.subject).with_only_columns(CaseFile.id).limit(MOST).subquery()
    return unit.session.scalars(select(func.count()).select_from(some)).one()


def _asked(unit: Unit) -> int:
    some = asked_of(unit).limit(MOST).subquery()
    return unit.session.scalars(select(func.count()).select_from(some)).one()


def _prefix(unit: Unit) -> list[ColumnElement[bool]]:
    """Say again what the scope says, from the district on, as the indexes of what waits are ordered."""
    area, department = unit.actor.scope.area, unit.actor.scope.department
    if area is None or department is not None:
        return []
    where = [CaseFile.district == area[:DISTRICT]]
    follows = unit.actor.scope.joined or unit.actor.scope.left
    return where if len(area) == DISTRICT or follows else [*where, CaseFile.street == area[:STREET]]
