"""Entering dated values, and telling the other services of populations."""

from collections.abc import Sequence
from datetime import date, datetime

from onewindow_casework.districts.service import as_told, keep_area
from onewindow_casework.values import queries, rules
from onewindow_casework.values.models import AreaValue
from onewindow_shared.contracts.access import Permission, permits
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.events import PopulationsChanged
from onewindow_shared.contracts.register import AreaValueIn, AreaValueOut, ProfileOut, ValueKind
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.reference import LARGER, Area
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight

BEGINS = "area_value.begins"
"""Timer of the day from which an area has another population."""


def profile(unit: Unit, code: str, as_of: date | None) -> ProfileOut:
    """Return what is known of an area on a day; raises `NotFound` for a day on which it is none."""
    day = as_of or unit.today
    area = living_area(unit, code, day)
    found = queries.known(unit, code, day)
    return ProfileOut(area=code, name=area.name, as_of=day, values=list(found.values()))


def living_area(unit: Unit, code: str, day: date) -> Area:
    """Return an area of a day's register; raises `NotFound`, which names the heir of one that has ended."""
    area = unit.session.get(Area, code)
    if area is None:
        raise NotFound
    if not area.lives(day):
        raise NotFound(detail=f"The area {area.why_not(day)}.")
    return area


def history(unit: Unit, wanted: Wanted, code: str, kind: ValueKind | None) -> Page[AreaValueOut]:
    """Return everything that was entered for an area within reach."""
    _reached(unit, code)
    return queries.history(unit, wanted, code, kind)


def enter(unit: Unit, code: str, body: AreaValueIn) -> AreaValueOut:
    """Enter a value of an area within reach; what was entered before stays in its history."""
    area = _reached(unit, code)
    by_district = permits(unit.actor.roles, Permission.DISTRICT_MANAGE)
    faults = rules.faults_of(body.kind, by_district=by_district, larger=area.kind in LARGER)
    day = body.valid_from or unit.today
    if not area.lives(day):
        faults["valid_from"] = f"the area {area.why_not(day)}"
    if faults:
        raise invalid(faults)
    found = keep(unit, code, body)
    detail = {"kind": body.kind, "valid_from": body.valid_from and body.valid_from.isoformat()}
    unit.audit("area_value.entered", "area", code, area=code, detail=detail)
    return queries.show(found)


def keep(unit: Unit, code: str, body: AreaValueIn) -> AreaValue:
    """Write an entry down; the others are told of a population on its day."""
    unit.session.get(Area, code, with_for_update=True)
    (entry,) = keep_all(unit, [(code, body)])
    return entry


def keep_all(unit: Unit, told: Sequence[tuple[str, AreaValueIn]]) -> list[AreaValue]:
    """Write entries of areas down together."""
    wanted = {"kind", "value", "valid_from", "source"}
    entries = [
        AreaValue(
            area=code,
            entered_by=unit.actor.subject,
            entered_at=unit.now,
            **body.model_dump(include=wanted),
        )
        for code, body in told
    ]
    unit.session.add_all(entries)
    unit.session.flush()
    populations = [one for one in entries if one.kind == ValueKind.POPULATION]
    for code in sorted({one.area for one in populations}):
        unit.publish(PopulationsChanged(code=code, populations=queries.populations(unit, code)))
    now = {one.area for one in populations if one.valid_from is None or one.valid_from <= unit.today}
    for one in populations:
        if one.valid_from is not None and one.valid_from > unit.today:
            unit.set_timer(BEGINS, str(one.id), midnight(one.valid_from, unit.zone))
    tell_populations(unit, sorted(now))
    return entries


def keep_shipped(unit: Unit, code: str, body: AreaValueIn) -> None:
    """Enter what a file says of an area, unless the same was entered, or anybody said otherwise."""
    known = queries.entered(unit, code, body.kind, body.valid_from)
    if known is None or (known.entered_by == unit.actor.subject and known.value != body.value):
        keep(unit, code, body)


def begins(unit: Unit, value_no: str, due_at: datetime) -> None:
    """Tell a population on the day from which it is so (timer)."""
    del due_at
    tell_populations(unit, [unit.session.get_one(AreaValue, int(value_no)).area])


def tell_populations(unit: Unit, codes: Sequence[str]) -> None:
    """Have the register, and every other service, know the populations of today."""
    known = queries.known_of(unit, codes, unit.today)
    for code in codes:
        area = unit.session.get_one(Area, code, populate_existing=True)
        found = known[code].get(ValueKind.POPULATION)
        population = int(found.value) if found else None
        keep_area(unit, as_told(area).model_copy(update={"population": population}))


def _reached(unit: Unit, code: str) -> Area:
    area = unit.session.get(Area, code)
    if area is None or not unit.actor.scope.covers(code):
        raise NotFound
    return area
