"""Reading what weighs on an area."""

from collections import Counter
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import func, select

from onewindow_casework.burden import figures, rules
from onewindow_casework.burden.figures import Told
from onewindow_casework.burden.models import BurdenRecord
from onewindow_casework.burden.rules import Turn
from onewindow_casework.certificates.models import Certificate
from onewindow_casework.lists.queries import in_force, listed
from onewindow_casework.values.queries import known_of as values_of
from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.contracts.burden import (
    BurdenFigure,
    BurdenKind,
    BurdenNorm,
    BurdenOut,
    BurdenRecordOut,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.register import ValueKind
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.reference import communities_at, communities_in
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, STREET
from onewindow_shared.plumbing.unit import Unit

BY_COMMUNITY = Keyset((BurdenRecord.community, BurdenRecord.kind))
ADMITTED = (MatterClass.ASSIST, MatterClass.PURCHASE)
ON_LISTS = {
    MatterKind.LEDGER_OR_FORM: BurdenKind.FORMS,
    MatterKind.INSPECTION: BurdenKind.INSPECTIONS,
    MatterKind.NAMEPLATE: BurdenKind.NAMEPLATES,
    MatterKind.OFFICE: BurdenKind.OFFICES,
    MatterKind.ASSESSMENT: BurdenKind.ASSESSMENTS,
}


def weighing(unit: Unit, area: str, year: int) -> BurdenOut:
    """Return what weighs on an area in a year; larger areas sum what lies below."""
    counts, then = _counts(unit, area, year), figures.turn(unit, year)
    admitted, hours = _asked(unit, area, year)
    here = unit.session.scalars(communities_in(unit, area))
    known = values_of(unit, here, unit.today).values()
    staff = [int(found[ValueKind.STAFF].value) for found in known if ValueKind.STAFF in found]
    return BurdenOut(
        area=area,
        year=year,
        figures=[_figure(kind, year, counts, then, admitted) for kind in BurdenKind],
        hours_asked=hours,
        staff=sum(staff) if staff else None,
        staff_communities=len(staff),
        hours_per_staff=rules.share(hours, sum(staff) or None),
    )


def _counts(unit: Unit, area: str, year: int) -> Told:
    issued = {(BurdenKind.CERTIFICATES.value, when): _issued(unit, area, when) for when in (year - 1, year)}
    return {**figures.told(unit, year, within(BurdenRecord, unit.gathered(area))), **issued}


def _issued(unit: Unit, area: str, year: int) -> dict[str, int]:
    """Count the certificates that communities issued in a year.

    That is none where there are none, once lists of their district were in force: nobody else counts them.
    """
    known = year <= unit.today.year and in_force(unit, area[:DISTRICT], date(year, 12, 31)) is not None
    there = communities_at(unit)(area, figures.last_day(unit, year)) if known else ()
    first, after = (datetime(n, 1, 1, tzinfo=unit.zone) for n in (year, year + 1))
    query = select(Certificate.community, func.count()).group_by(Certificate.community)
    those = (
        within(Certificate, unit.gathered(area)),
        Certificate.issued_at >= first,
        Certificate.issued_at < after,
    )
    return dict.fromkeys(there, 0) | dict(unit.session.execute(query.where(*those)).all())


def _asked(unit: Unit, area: str, year: int) -> tuple[Counter[BurdenKind | None], int]:
    """Return what the lists of the last day of the year that there is ask of an area's communities together.

    By kind, and in hours a year.
    """
    communities = unit.session.scalars(communities_in(unit, area))
    below = Counter(code[:digits] for code in communities for digits in (DISTRICT, STREET, COMMUNITY))
    kinds: Counter[BurdenKind | None] = Counter()
    hours = 0
    for card in listed(unit, area, min(unit.today, date(year, 12, 31)), classes=ADMITTED):
        asked = rules.communities_concerned(card.areas, below)
        kinds[ON_LISTS.get(card.kind)] += asked
        hours += asked * card.workload.hours_per_year if card.workload else 0
    return kinds, hours


def _figure(
    kind: BurdenKind, year: int, counts: Told, then: Turn, admitted: Counter[BurdenKind | None]
) -> BurdenFigure:
    now, before = counts.get((kind, year), {}), counts.get((kind, year - 1), {})
    years = rules.together(rules.pairs(now, before, then).values())
    return BurdenFigure(
        kind=kind,
        count=sum(now.values()) if now else None,
        year_before=sum(before.values()) if before else None,
        direction=rules.direction(years),
        communities=len({then.heirs.get(code, code) for code in now}),
        admitted=admitted[kind] if kind in ON_LISTS.values() else None,
        norms=[_norm(entry, years) for entry in norms() if entry["kind"] == kind],
    )


def _norm(entry: dict[str, Any], years: tuple[int, int] | None) -> BurdenNorm:
    given = {name: entry[name] for name in ("place", "change_percent", "document", "source")}
    return BurdenNorm(**given, met=rules.met(years, entry["change_percent"]))


@cache
def norms() -> list[dict[str, Any]]:
    """Return the published aims."""
    file = files(__package__) / "norms.yaml"
    found: list[dict[str, Any]] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


def records(unit: Unit, wanted: Wanted, area: str, year: int) -> Page[BurdenRecordOut]:
    """Return a page of the figures recorded in an area for a year, with their sources."""
    query = select(BurdenRecord).where(within(BurdenRecord, unit.gathered(area)), BurdenRecord.year == year)
    bound = f"burden {area} {year} {unit.actor.subject}"
    return page(unit, query, BY_COMMUNITY, wanted, bound=bound, show=show)


def show(record: BurdenRecord) -> BurdenRecordOut:
    """Return a recorded figure."""
    return BurdenRecordOut(
        community=record.community,
        version=record.version,
        year=record.year,
        kind=BurdenKind(record.kind),
        count=record.count,
        source=record.source,
    )
