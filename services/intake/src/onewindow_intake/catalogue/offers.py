"""Items in force as they are kept in memory: for posting cases, for reading, and for finding them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field

from onewindow_intake.catalogue import rules, search
from onewindow_shared.contracts.catalogue import Audience, ItemGuide, ItemGuideOut, ItemMaterial, ItemSummary
from onewindow_shared.contracts.cataloguing import CategoryOut
from onewindow_shared.contracts.common import Code, CommunityCode, Page
from onewindow_shared.plumbing.paging import Cursors, Wanted
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.succession import NO_SUCCESSION, Succession

SUMMARY = set(ItemSummary.model_fields)
Typed = Annotated[
    str,
    Field(
        min_length=1,
        max_length=50,
        description="Part of the name or conditions, its pinyin or its initials, English words of it, "
        "or a sentence",
    ),
]
AtCommunity = Annotated[
    CommunityCode, Field(description="Only what is offered there, on its district's own terms")
]
InCategory = Annotated[Code, Field(description="One of the ten or one below them, with everything below it")]


@dataclass(frozen=True)
class Offer:
    """A version in force, prepared for posting cases and for finding it."""

    guide: ItemGuideOut
    summary: ItemSummary
    materials: dict[str, ItemMaterial]
    entry: search.Entry
    handling: Mapping[str, Any]
    """What its cases are handled by."""
    """The procedure along which its cases are led."""

    def offered_in(self, codes: Iterable[str]) -> bool:
        """Say whether the item is offered in a community: it has its code, and those that it is heir of."""
        named = self.guide.communities
        return named is None or not set(named).isdisjoint(codes)


@dataclass(frozen=True)
class Offers:
    """Everything in force at one moment."""

    items: Mapping[str, Offer]
    """By item code, in its order, as the items themselves say."""
    adapted: Mapping[tuple[str, str], Offer]
    """By item code and district, where the district has terms of its own."""
    categories: Sequence[CategoryOut]
    """The ten, and those below them, each behind its parent."""
    index: search.Index
    heirs: Succession = NO_SUCCESSION
    day: date = date.max

    @cached_property
    def parents(self) -> Mapping[str, str | None]:
        """The categories, each with the one above it."""
        return {category.code: category.parent for category in self.categories}

    def at(self, code: str, area: str | None) -> Offer | None:
        """Return an item on the terms of an area's district."""
        return self.adapted.get((code, (area or "")[:DISTRICT])) or self.items.get(code)

    def offered_in(self, offer: Offer, community: str) -> bool:
        """Say whether an item is offered in a community."""
        return offer.offered_in(self.heirs.gathered(community, self.day).codes)

    def everywhere(self, community: str | None, codes: Iterable[str]) -> list[Offer]:
        """Return those of the items that are offered in a community, on its terms, or all of them."""
        if community is None:
            return [self.items[code] for code in codes]
        here = (self.at(code, community) for code in codes)
        return [offer for offer in here if offer is not None and self.offered_in(offer, community)]


@dataclass(frozen=True)
class Search:
    """What somebody looks for."""

    category: InCategory | None = None
    department: Code | None = None
    audience: Audience | None = None
    community: AtCommunity | None = None
    q: Typed | None = None

    def fits(self, offer: Offer, parents: Mapping[str, str | None]) -> bool:
        """Say whether an item is among what is looked for, whatever was typed."""
        summary = offer.summary
        place = rules.path(summary.subcategory or summary.category, parents)
        return (
            self.category in (None, *place)
            and self.department in (None, summary.department)
            and self.audience in (None, summary.audience)
        )


def offered(guide: ItemGuide) -> Offer:
    """Prepare a guide."""
    entry = search.entry(guide)
    return Offer(
        ItemGuideOut(**dict(guide), spellings=entry.spellings),
        ItemSummary.model_validate(guide.model_dump(include=SUMMARY)),
        {material.code: material for material in guide.materials},
        entry,
        rules.handling(guide),
    )


def entries(items: Mapping[str, Offer]) -> dict[str, search.Entry]:
    """Return what is searched of the items."""
    return {code: offer.entry for code, offer in items.items()}


def one_page(offers: Offers, wanted_: Search, wanted: Wanted, cursors: Cursors) -> Page[ItemSummary]:
    """Return a page of the offers that fit: the best first where something was typed, else by code."""
    if wanted_.category is not None and wanted_.category not in offers.parents:
        raise invalid({"category": "no such category"}, where="query")
    bound = f"items {wanted_}"
    after = _key(*cursors.read(bound, wanted.cursor)) if wanted.cursor else None
    ranked = [key for key in _ranked(offers, wanted_) if after is None or key > after]
    shown, more = ranked[: wanted.limit], len(ranked) > wanted.limit
    items = [offer.summary for _, code in shown if (offer := offers.at(code, wanted_.community))]
    return Page[ItemSummary](items=items, next=cursors.write(bound, shown[-1]) if more else None)


def _ranked(offers: Offers, wanted: Search) -> Sequence[tuple[int, str]]:
    """Return what fits, best first: the negative score and the code of each."""
    asked = search.question(wanted.q or "", offers.index)
    codes = search.candidates(asked, offers.index) if asked.closed else offers.items
    everywhere = offers.everywhere(wanted.community, codes)
    found = [offer for offer in everywhere if wanted.fits(offer, offers.parents)]
    if not asked.closed:
        return [(0, offer.guide.code) for offer in found]
    scored = [(-search.score(offer.entry, asked), offer.guide.code) for offer in found]
    return sorted(key for key in scored if key[0] < 0)


def _key(score: Any, code: Any) -> tuple[int, str]:
    return int(score), str(code)
