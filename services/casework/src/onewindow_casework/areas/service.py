"""Deciding how areas change, and telling the other services."""

from datetime import datetime

from sqlalchemy import select

from onewindow_casework.areas import queries, rules
from onewindow_casework.areas.models import AreaChange, Predecessor, Successor
from onewindow_casework.districts.service import keep_area
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.areas import AreaChangeIn, AreaChangeOut, SuccessorIn
from onewindow_shared.contracts.events import AreaChanged, AreaKind
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight

BEGINS = "area_change.begins"
"""Timer of the day from which living areas have another name or population."""


def decide(unit: Unit, body: AreaChangeIn) -> AreaChangeOut:
    """Decide a change: areas end and begin on its day, whichever day it is told; rows stay where they are."""
    district = body.predecessors[0].code[:DISTRICT]
    if not unit.actor.scope.covers(district):
        raise invalid({"predecessors.0.code": "outside your district"})
    unit.session.get(Area, district, with_for_update=True, populate_existing=True)
    register = queries.register(unit, district)
    settings = settings_of(unit)
    terms = rules.Terms(unit.today, settings.area_back_days, settings.area_ahead_days)
    faults = rules.faults_of(body, register, terms)
    if faults:
        raise invalid(faults)
    change = _written(unit, district, body)
    _end_and_begin(unit, body, register)
    unit.session.flush()
    if body.effective_on <= unit.today:
        _rename(unit, body.successors)
    else:
        unit.set_timer(BEGINS, str(change.id), midnight(body.effective_on, unit.zone))
    detail = {"kind": body.kind, "effective_on": body.effective_on.isoformat()}
    unit.audit("area_change.decided", "area_change", str(change.id), area=district, detail=detail)
    return queries.show(unit, change)


def _written(unit: Unit, district: str, body: AreaChangeIn) -> AreaChange:
    change = AreaChange(
        district=district,
        decided_at=unit.now,
        decided_by=unit.actor.subject,
        **body.model_dump(include={"kind", "effective_on", "document_no", "basis"}),
    )
    unit.session.add(change)
    unit.session.flush()
    unit.session.add_all(
        Predecessor(change_id=change.id, code=one.code, heir=one.heir) for one in body.predecessors
    )
    unit.session.add_all(
        Successor(change_id=change.id, code=after.code, name=after.name, population=after.population)
        for after in body.successors
    )
    unit.session.flush()
    return change


def _end_and_begin(unit: Unit, body: AreaChangeIn, register: rules.Register) -> None:
    """Write the new areas, and after them the ends of the old: nobody is sent to what is not known yet."""
    populations = {after.code: after.population for after in body.successors}
    now = rules.applied(body, register)
    for known in sorted(now.values(), key=lambda one: one.code in register):
        area = unit.session.get(Area, known.code)
        keep_area(
            unit,
            AreaChanged(
                code=known.code,
                name=known.name,
                kind=known.kind,
                population=area.population if area else populations[known.code],
                effective_from=known.effective_from,
                effective_until=known.effective_until,
                heir=known.heir,
            ),
        )


def begins(unit: Unit, change_id: str, due_at: datetime) -> None:
    """Give areas that go on their new names, on the day of their change (timer)."""
    query = select(Successor).where(Successor.change_id == int(change_id))
    given = [
        SuccessorIn(code=one.code, name=one.name, population=one.population)
        for one in unit.session.scalars(query)
    ]
    _rename(unit, given)
    unit.audit("area_change.begun", "area_change", change_id, detail={"due_at": due_at.isoformat()})


def _rename(unit: Unit, successors: list[SuccessorIn]) -> None:
    for after in successors:
        area = unit.session.get_one(Area, after.code, populate_existing=True)
        keep_area(
            unit,
            AreaChanged(
                code=area.code,
                name=after.name or area.name,
                kind=AreaKind(area.kind),
                population=area.population if after.population is None else after.population,
                effective_from=area.effective_from,
                effective_until=area.effective_until,
                heir=area.heir,
            ),
        )
