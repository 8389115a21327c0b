"""Reading dated values, as of a day and with their history."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from onewindow_casework.values.models import AreaValue
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.register import UNITS, AreaValueOut, KnownValue, ValueKind
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit

NEWEST = Keyset((AreaValue.id,), newest_first=True)
Known = dict[ValueKind, KnownValue]


def holding(day: date, *those: ColumnElement[bool]) -> Select[AreaValue]:
    """Select the entries that hold on a day: of each area and kind the newest one for the latest day."""
    latest = func.row_number().over(
        partition_by=(AreaValue.area, AreaValue.kind),
        order_by=(AreaValue.valid_from.desc().nulls_last(), AreaValue.id.desc()),
    )
    begun = or_(AreaValue.valid_from.is_(None), AreaValue.valid_from <= day)
    ranked = select(AreaValue.id, AreaValue.area, latest.label("rank")).where(begun, *those).subquery()
    return select(AreaValue).join(ranked, ranked.c.id == AreaValue.id).where(ranked.c.rank == 1)


def known(unit: Unit, area: str, day: date) -> Known:
    """Return what is known of an area on a day."""
    return known_of(unit, [area], day)[area]


def known_of(unit: Unit, areas: Iterable[str], day: date) -> defaultdict[str, Known]:
    """Return what is known of each of these areas on a day."""
    wanted = list(areas)
    return _known(unit, holding(day, AreaValue.area.in_(wanted)))


def known_below(unit: Unit, area: str, day: date) -> defaultdict[str, Known]:
    """Return what is known on a day of an area and of all whose codes begin with its."""
    return _known(unit, holding(day, AreaValue.area.startswith(area, autoescape=True)))


def _known(unit: Unit, query: Select[AreaValue]) -> defaultdict[str, Known]:
    found: defaultdict[str, Known] = defaultdict(dict)
    for row in unit.session.scalars(query.order_by(AreaValue.area, AreaValue.kind)):
        if row.value is not None:
            kind = ValueKind(row.kind)
            found[row.area][kind] = KnownValue(
                kind=kind, value=row.value, unit=UNITS[kind], valid_from=row.valid_from, source=row.source
            )
    return found


def entered(unit: Unit, area: str, kind: ValueKind, valid_from: date | None) -> AreaValue | None:
    """Return the newest entry of a kind for exactly this day."""
    query = select(AreaValue).where(
        AreaValue.area == area, AreaValue.kind == kind, AreaValue.valid_from.is_not_distinct_from(valid_from)
    )
    return unit.session.scalar(query.order_by(AreaValue.id.desc()).limit(1))


def history(unit: Unit, wanted: Wanted, area: str, kind: ValueKind | None) -> Page[AreaValueOut]:
    """Return a page of everything that was entered for an area, newest entries first."""
    query = select(AreaValue).where(AreaValue.area == area)
    if kind is not None:
        query = query.where(AreaValue.kind == kind)
    return page(unit, query, NEWEST, wanted, bound=f"area values {area} {kind}", show=show)


def said(row: AreaValue) -> dict[str, Any]:
    """Return what an entry says."""
    kind = ValueKind(row.kind)
    names = ("area", "value", "valid_from", "source")
    return {"kind": kind, "unit": UNITS[kind], **{name: getattr(row, name) for name in names}}


def show(row: AreaValue) -> AreaValueOut:
    """Return an entry, and who made it."""
    made = {"no": row.id, "entered_by": row.entered_by, "entered_at": row.entered_at}
    return AreaValueOut.model_validate(said(row) | made)


def populations(unit: Unit, area: str) -> list[tuple[date, int | None]]:
    """Return since when an area has had which population, in the order of days: of each the last entry."""
    kept = AreaValue.area == area, AreaValue.kind == ValueKind.POPULATION
    query = select(AreaValue.valid_from, AreaValue.value).where(*kept).order_by(AreaValue.id)
    told = {day or date.min: value for day, value in unit.session.execute(query)}
    return [(day, None if value is None else int(value)) for day, value in sorted(told.items())]
