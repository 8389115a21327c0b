"""The catalogue as a file is written of it: what is in force, and what is settled for days to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onewindow_intake.catalogue import queries, tree
from onewindow_intake.exchange.rules import Span, Terms
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import CategoryIn
from onewindow_shared.plumbing.unit import Unit


@dataclass(frozen=True)
class Catalogue:
    """Everything of the catalogue that a file has."""

    categories: Sequence[CategoryIn] = ()
    """Those below the ten."""
    items: Sequence[tuple[ItemContent, Span]] = ()
    terms: Sequence[tuple[Terms, Span]] = ()


def written(unit: Unit) -> Catalogue:
    """Return the catalogue of today; drafts and what is over are no part of it."""
    below = [
        CategoryIn(code=one.code, parent=one.parent, name=one.name, name_en=one.name_en)
        for one in tree.whole(unit.session)
        if one.parent is not None
    ]
    now = [(one, None) for one in queries.all_in_force(unit.session, unit.today)]
    later = [(one, one.effective_from) for one in queries.all_to_come(unit.session, unit.today)]
    versions = sorted([*now, *later], key=lambda one: (one[0].item_code, one[0].effective_from))
    return Catalogue(
        categories=below,
        items=[
            (queries.content_of(one), Span(effective_from=first, effective_to=one.effective_to))
            for one, first in versions
        ],
        terms=list(_terms(unit, {one.item_code for one, _ in versions})),
    )


def _terms(unit: Unit, codes: set[str]) -> Sequence[tuple[Terms, Span]]:
    found = queries.all_terms_from(unit.session, unit.today)
    return [
        (
            Terms(code=one.item_code, district=one.district, terms=queries.terms_of(one)),
            Span(effective_from=one.effective_from if one.effective_from > unit.today else None),
        )
        for one in found
        if one.item_code in codes
    ]


def plain_items(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the items as rows of a file, each with its days where it has any."""
    return [item.model_dump(mode="json") | _days(span) for item, span in catalogue.items]


def plain_terms(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the terms as rows of a file, each with its first day where that is to come."""
    return [terms.model_dump(mode="json") | _days(span) for terms, span in catalogue.terms]


def _days(span: Span) -> dict[str, Any]:
    return span.model_dump(mode="json", exclude_none=True)
