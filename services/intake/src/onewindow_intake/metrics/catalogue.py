"""What the catalogue says of an area on a day: limits and categories (rules C5: S6, S11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.catalogue.models import ItemOverride, ItemVersion, VersionStatus
from onewindow_shared.contracts.intake import ServiceCategory
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.figures import Computed
from onewindow_shared.plumbing.reference import communities_at
from onewindow_shared.plumbing.rollups import Counted
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit

TEN = len(ServiceCategory)


@dataclass(frozen=True)
class Offered:
    """A published version of an item, as far as figures ask."""

    item: str
    begins: date
    ends: date | None
    category: str
    statutory_days: int
    promised_days: int
    communities: frozenset[str] | None
    """Where it is offered; everywhere without."""


@dataclass(frozen=True)
class Promised:
    """What a district promises of an item from a day on; as the item says, without days."""

    item: str
    district: str
    begins: date
    number: int
    days: int | None


def in_force(offered: Iterable[Offered], day: date) -> list[Offered]:
    """Return of each item the version that began last, unless it has ended."""
    latest: dict[str, Offered] = {}
    for one in offered:
        known = latest.get(one.item)
        if one.begins <= day and (known is None or known.begins < one.begins):
            latest[one.item] = one
    return [one for one in latest.values() if one.ends is None or one.ends > day]


def promises(promised: Iterable[Promised], district: str, day: date) -> dict[str, int]:
    """Return the working days that a district promises of items by terms of its own."""
    told = (one for one in promised if one.district == district and one.begins <= day)
    latest = {one.item: one.days for one in sorted(told, key=lambda one: (one.begins, one.number))}
    return {item: days for item, days in latest.items() if days is not None}


def figures(offered: Sequence[Offered], own: dict[str, int], communities: Sequence[str]) -> Counted:
    """Count what is offered in these communities."""
    here = set(communities)
    there = [one for one in offered if one.communities is None or one.communities & here]
    everywhere = {one.category for one in there if one.communities is None}
    some = [one for one in there if one.communities is not None and one.category not in everywhere]
    placed = {(one.category, code) for one in some for code in (one.communities or frozenset()) & here}
    return {
        Metric.ITEM_DAYS: sum(one.statutory_days for one in there),
        Metric.ITEM_DAYS_SAVED: sum(
            one.statutory_days - min(own.get(one.item, one.promised_days), one.statutory_days)
            for one in there
        ),
        Metric.CATEGORIES: TEN * len(here),
        Metric.CATEGORIES_LIVE: len(everywhere) * len(here) + len(placed),
    }


def computing(unit: Unit) -> Computed:
    """Read the catalogue, and return what it says of an area on a day."""
    offered, promised = list(_offered(unit.session)), list(_promised(unit.session))
    communities = communities_at(unit)

    def computed(area: str, day: date) -> Counted:
        own = promises(promised, area[:DISTRICT], day)
        return figures(in_force(offered, day), own, communities(area, day))

    return computed


def _offered(session: Session) -> Iterable[Offered]:
    columns = (ItemVersion.item_code, ItemVersion.effective_from, ItemVersion.effective_to)
    limits = (ItemVersion.category, ItemVersion.statutory_days, ItemVersion.promised_days)
    query = select(*columns, *limits, ItemVersion.content["communities"].label("communities"))
    for row in session.execute(query.where(ItemVersion.status == VersionStatus.PUBLISHED)):
        item, begins, ends, category, statutory, promised, places = row
        everywhere = None if not places else frozenset(places)
        yield Offered(item, begins, ends, category, statutory, promised, everywhere)


def _promised(session: Session) -> Iterable[Promised]:
    columns = (ItemOverride.item_code, ItemOverride.district, ItemOverride.effective_from)
    for row in session.execute(select(*columns, ItemOverride.number, ItemOverride.terms)):
        item, district, begins, number, terms = row
        yield Promised(item, district, begins, number, terms.get("promised_days"))
