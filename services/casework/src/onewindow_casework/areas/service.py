"""Deciding how areas change, and telling the other services."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from onewindow_casework.areas import queries, rules
from onewindow_casework.areas.models import AreaChange, Predecessor, Successor
from onewindow_casework.districts.service import as_told, keep_area
from onewindow_casework.settings import settings_of
from onewindow_casework.values.queries import entered, known_of
from onewindow_casework.values.rules import handed_on
from onewindow_casework.values.service import keep
from onewindow_shared.contracts.areas import AreaChangeIn, AreaChangeKind, AreaChangeOut, TakingBackIn
from onewindow_shared.contracts.events import AreaChanged
from onewindow_shared.contracts.register import UNITS, AreaValueIn, ValueKind
from onewindow_shared.plumbing.problems import NotFound, Problem, invalid
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight


class TakesEffect(Problem):
    """A decision that has taken effect, or was taken back, is not taken back."""

    type = "urn:onewindow:problem:takes-effect"
    title = "Takes effect"
    status = 409


class BuiltOn(Problem):
    """A later decision builds on this one: that one has to be taken back before."""

    type = "urn:onewindow:problem:built-on"
    title = "Built on"
    status = 409


BEGINS = "area_change.begins"
"""Timer of the day from which areas have other names and values."""


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
        _take_effect(unit, change)
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
    now = rules.applied(body, register)
    _tell(unit, sorted(now.values(), key=lambda one: one.code in register))


def _tell(unit: Unit, areas: Iterable[rules.Known]) -> None:
    for known in areas:
        area = unit.session.get(Area, known.code, populate_existing=True)
        keep_area(
            unit,
            AreaChanged(
                code=known.code,
                name=known.name,
                kind=known.kind,
                population=area.population if area else None,
                effective_from=known.effective_from,
                effective_until=known.effective_until,
                heir=known.heir,
            ),
        )


def take_back(unit: Unit, change_no: int, body: TakingBackIn) -> AreaChangeOut:
    """Take a decision back before its day: areas that were to end go on, those that were to begin never were.

    Raises `TakesEffect` from its day on, and `BuiltOn` where a later decision names one of its areas.
    """
    change = unit.session.get(AreaChange, change_no)
    if change is None or not unit.actor.scope.covers(change.district):
        raise NotFound
    unit.session.get(Area, change.district, with_for_update=True, populate_existing=True)
    unit.session.refresh(change)
    if change.taken_back_at is not None:
        raise TakesEffect(detail="It was taken back before.")
    if change.effective_on <= unit.today:
        raise TakesEffect(detail=f"It took effect on {change.effective_on}: decide another change.")
    parts = queries.parts(unit, change)
    before, after = {one.code: one.heir for one in parts.before}, [one.code for one in parts.after]
    later = queries.built_on(unit, change, {*before, *after})
    if later is not None:
        raise BuiltOn(detail=f"Take decision {later} back first: it names an area of this one.")
    undone = rules.undone(before, after, queries.register(unit, change.district))
    _tell(unit, sorted(undone.values(), key=lambda one: one.code not in before))
    unit.cancel_timer(BEGINS, str(change.id))
    change.taken_back_at, change.taken_back_by = unit.now, unit.actor.subject
    change.taken_back_document, change.taken_back_reason = body.document_no, body.reason
    unit.session.flush()
    unit.audit("area_change.taken_back", "area_change", str(change.id), area=change.district)
    return queries.show(unit, change)


def begins(unit: Unit, change_id: str, due_at: datetime) -> None:
    """Let a change take effect on its day, however late that is noticed (timer)."""
    change = unit.session.get_one(AreaChange, int(change_id))
    _take_effect(unit, change)
    detail = {"due_at": due_at.isoformat()}
    unit.audit("area_change.begun", "area_change", change_id, area=change.district, detail=detail)


def _take_effect(unit: Unit, change: AreaChange) -> None:
    """Give areas their new names, and what they have of the values of those before them."""
    parts = queries.parts(unit, change)
    codes = [one.code for one in parts.before] + [one.code for one in parts.after]
    known = known_of(unit, codes, change.effective_on - timedelta(days=1))
    plain = {code: {kind: one.value for kind, one in known[code].items()} for code in codes}
    for after in parts.after:
        area = unit.session.get_one(Area, after.code, populate_existing=True)
        keep_area(unit, as_told(area).model_copy(update={"name": after.name or area.name}))
        before = [plain[one.code] for one in parts.before]
        told = handed_on(AreaChangeKind(change.kind), before, plain[after.code])
        if after.population is not None:
            told[ValueKind.POPULATION] = str(after.population)
        for kind, value in told.items():
            if entered(unit, after.code, kind, change.effective_on) is None:
                _have(unit, after.code, change, kind, value)


def _have(unit: Unit, code: str, change: AreaChange, kind: ValueKind, value: str | None) -> None:
    body = AreaValueIn(
        kind=kind,
        value=value,
        unit=UNITS[kind],
        valid_from=change.effective_on,
        source=change.document_no,
    )
    keep(unit, code, body)
