"""Use cases of the catalogue: publishing items and finding them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from pydantic import Field

from onewindow_intake.catalogue import queries, rules
from onewindow_intake.catalogue.models import Item, ItemVersion, VersionStatus
from onewindow_shared.contracts.catalogue import (
    Audience,
    ItemContent,
    ItemGuide,
    ItemMaterial,
    ItemSummary,
)
from onewindow_shared.contracts.common import Code, Page
from onewindow_shared.contracts.intake import ServiceCategory
from onewindow_shared.plumbing.paging import Cursors, Wanted
from onewindow_shared.plumbing.unit import Unit

SUMMARY = set(ItemSummary.model_fields)
Typed = Annotated[
    str, Field(min_length=1, max_length=50, description="Part of the name, or initials of its pinyin")
]


@dataclass(frozen=True)
class Offer:
    """A version in force, prepared for posting cases and for finding it."""

    guide: ItemGuide
    summary: ItemSummary
    materials: dict[str, ItemMaterial]
    signs: rules.Signs


@dataclass(frozen=True)
class Search:
    """What somebody looks for."""

    category: ServiceCategory | None = None
    department: Code | None = None
    audience: Audience | None = None
    q: Typed | None = None
    """Part of the name, or initials of its pinyin."""

    def fits(self, offer: Offer) -> bool:
        """Say whether an item is among what is looked for."""
        summary = offer.summary
        return (
            self.category in (None, summary.category)
            and self.department in (None, summary.department)
            and self.audience in (None, summary.audience)
            and (self.q is None or rules.found(offer.signs, self.q))
        )


def offered(guide: ItemGuide) -> Offer:
    """Prepare a guide."""
    return Offer(
        guide,
        ItemSummary.model_validate(guide.model_dump(include=SUMMARY)),
        {material.code: material for material in guide.materials},
        rules.typed_as(guide.name),
    )


def one_page(offers: Sequence[Offer], search: Search, wanted: Wanted, cursors: Cursors) -> Page[ItemSummary]:
    """Return a page of the offers (ordered by code) that fit."""
    bound = f"items {search}"
    after = cursors.read(bound, wanted.cursor)[0] if wanted.cursor else ""
    fitting = _after(offers, search, after)
    shown = list(islice(fitting, wanted.limit))
    more = next(fitting, None) is not None
    return Page[ItemSummary](
        items=shown, next=cursors.write(bound, [shown[-1].code]) if more and shown else None
    )


def _after(offers: Sequence[Offer], search: Search, code: str) -> Iterator[ItemSummary]:
    return (offer.summary for offer in offers if offer.guide.code > code and search.fits(offer))


def publish(unit: Unit, content: ItemContent) -> bool:
    """Put a guide in force unless this very guide is; the one before retires. Say whether it was new."""
    current = queries.in_force(unit.session, content.code)
    plain = content.model_dump(mode="json")
    if current is not None and current.content == plain:
        return False
    if current is not None:
        current.status, current.effective_to = VersionStatus.RETIRED, unit.today
        unit.session.flush()
    _keep_item(unit, content)
    number = queries.last_number(unit.session, content.code) + 1
    unit.session.add(
        ItemVersion(
            item_code=content.code,
            number=number,
            status=VersionStatus.PUBLISHED,
            effective_from=unit.today,
            statutory_days=content.statutory_days,
            promised_days=content.promised_days,
            instant=content.instant,
            content=plain,
        )
    )
    unit.audit("item.published", "item", content.code, detail={"version": number})
    return True


def _keep_item(unit: Unit, content: ItemContent) -> None:
    item = unit.session.get(Item, content.code) or Item(code=content.code)
    item.category, item.department = content.category, content.department
    item.audience = content.audience
    unit.session.add(item)
    unit.session.flush()
