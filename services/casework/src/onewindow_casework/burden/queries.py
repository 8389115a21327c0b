"""Reading what weighs on an area."""

from collections import Counter, defaultdict
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import func, select

from onewindow_casework.burden import rules
from onewindow_casework.burden.models import BurdenRecord, CommunityStaff
from onewindow_casework.certificates.models import Certificate
from onewindow_casework.lists.queries import listed
from onewindow_shared.contracts.admission import ListedMatter, MatterClass, MatterKind
from onewindow_shared.contracts.burden import (
    BurdenFigure,
    BurdenKind,
    BurdenNorm,
    BurdenOut,
    BurdenRecordOut,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
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
Counts = dict[tuple[str, int], dict[str, int]]
"""Kind and year -> community -> count."""


def weighing(unit: Unit, area: str, year: int) -> BurdenOut:
    """Return what weighs on an area in a year; larger areas sum what lies below."""
    counts = _counts(unit, area, year)
    cards = _cards(unit, area, year)
    admitted = None if cards is None else Counter(ON_LISTS.get(card.kind) for card in cards)
    hours = None if cards is None else sum(card.workload.hours_per_year for card in cards if card.workload)
    total = select(func.sum(CommunityStaff.staff), func.count(CommunityStaff.id))
    staff, communities = unit.session.execute(total.where(_within(CommunityStaff, area))).one()
    return BurdenOut(
        area=area,
        year=year,
        figures=[_figure(kind, year, counts, admitted) for kind in BurdenKind],
        hours_asked=hours,
        staff=staff,
        staff_communities=communities,
        hours_per_staff=rules.share(hours, staff),
    )


def _within(table: Any, area: str) -> Any:
    levels = {DISTRICT: table.district, STREET: table.street, COMMUNITY: table.community}
    return levels[len(area)] == area


def _counts(unit: Unit, area: str, year: int) -> Counts:
    columns = (BurdenRecord.kind, BurdenRecord.year, BurdenRecord.community, BurdenRecord.count)
    query = select(*columns).where(_within(BurdenRecord, area), BurdenRecord.year.in_((year - 1, year)))
    found: Counts = defaultdict(dict)
    for kind, when, community, count in unit.session.execute(query):
        found[kind, when][community] = count
    for when in (year - 1, year):
        found[BurdenKind.CERTIFICATES, when] = _issued(unit, area, when)
    return found


def _issued(unit: Unit, area: str, year: int) -> dict[str, int]:
    """Count the certificates that communities issued in a year."""
    first, after = (datetime(n, 1, 1, tzinfo=unit.zone) for n in (year, year + 1))
    query = select(Certificate.community, func.count()).group_by(Certificate.community)
    within = (_within(Certificate, area), Certificate.issued_at >= first, Certificate.issued_at < after)
    return dict(unit.session.execute(query.where(*within)).all())


def _cards(unit: Unit, area: str, year: int) -> list[ListedMatter] | None:
    """Return what a community's list admits on the last day of the year that there is, None for others."""
    if len(area) != COMMUNITY:
        return None
    day = min(unit.today, date(year, 12, 31))
    return listed(unit, area[:DISTRICT], area, day, classes=ADMITTED)


def _figure(
    kind: BurdenKind, year: int, counts: Counts, admitted: Counter[BurdenKind | None] | None
) -> BurdenFigure:
    now, before = counts.get((kind, year), {}), counts.get((kind, year - 1), {})
    years = rules.both_years(now, before)
    on_lists = admitted is not None and kind in ON_LISTS.values()
    return BurdenFigure(
        kind=kind,
        count=sum(now.values()) if now else None,
        year_before=sum(before.values()) if before else None,
        direction=rules.direction(years),
        communities=len(now),
        admitted=admitted[kind] if admitted is not None and on_lists else None,
        norms=[_norm(entry, years) for entry in norms() if entry["kind"] == kind],
    )


def _norm(entry: dict[str, Any], years: tuple[int, int] | None) -> BurdenNorm:
    given = {name: entry[name] for name in ("place", "change_percent", "document", "source")}
    return BurdenNorm(**given, met=rules.met(years, entry["change_percent"]))


@cache
def norms() -> list[dict[str, Any]]:
    """Return the published aims."""
    file = files(__package__) / "norms.yaml"
    found: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def records(unit: Unit, wanted: Wanted, area: str, year: int) -> Page[BurdenRecordOut]:
    """Return a page of the figures recorded in an area for a year, with their sources."""
    query = select(BurdenRecord).where(_within(BurdenRecord, area), BurdenRecord.year == year)
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
