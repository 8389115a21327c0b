"""From the rows of a file to items, or to what is wrong with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from onewindow_intake.catalogue.rules import ROOTS
from onewindow_intake.exchange import collected
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import CategoryIn, DistrictCode, ItemTerms
from onewindow_shared.contracts.common import Code, Contract, StatedDay
from onewindow_shared.contracts.exchange import Section
from onewindow_shared.plumbing.rows import MOST_FIELD, MOST_REASON, Wrong, wrong_fields

Values = dict[str, Any]


class Span(Contract):
    """The days for which a row is meant."""

    effective_from: StatedDay | None = None
    """The first day, if that is a day to come; the import's otherwise."""
    effective_to: StatedDay | None = None
    """The first day on which an item is no longer in force, where that is settled."""


NO_SPAN = Span()


class Terms(Contract):
    """A district's terms of an item, as a row has them."""

    code: Code
    district: DistrictCode
    terms: ItemTerms


@dataclass(frozen=True)
class Row:
    """One item as a file has it, or one district's terms of one."""

    row: str
    values: Values
    origins: Mapping[str, str] = field(default_factory=dict)
    """Part of the item, such as `materials.0` -> the row of another sheet that it came from."""
    span: Span = NO_SPAN
    section: Section = Section.ITEMS

    @property
    def about(self) -> tuple[str, ...]:
        """What the row tells of; another one may tell of the same from another day on."""
        names = ("code",) if self.section is Section.ITEMS else ("code", "district")
        return (self.section, *(str(self.values.get(name, self.row)) for name in names))


@dataclass(frozen=True)
class Book:
    """A file that was read."""

    categories: Sequence[CategoryIn] = ()
    """Parents first."""
    rows: Sequence[Row] = ()
    """Items, then terms."""
    wrong: Sequence[Wrong] = ()
    """What was wrong with the file apart from its items and terms."""
    refused: Sequence[Wrong] = ()
    """Rows of what stands in the file already, or of days that are none."""


def spanned(row: Row, *, ends: bool) -> Row | list[Wrong]:
    """Take the days of a row out of its values; terms have no end, others follow them."""
    names = [*Span.model_fields] if ends else ["effective_from"]
    values = {name: value for name, value in row.values.items() if name not in names}
    try:
        span = Span.model_validate({name: row.values.get(name) for name in names})
    except ValidationError as error:
        return list(wrong_fields(row.row, error))
    return replace(row, values=values, span=span)


def book_of(categories: Iterable[tuple[str, Any]], rows: Iterable[Row], astray: Iterable[Wrong] = ()) -> Book:
    """Put a file together of its categories and rows."""
    known, wrong = categories_of(categories)
    found: list[Row] = []
    refused: list[Wrong] = []
    for row in rows:
        one = spanned(row, ends=row.section is Section.ITEMS)
        if isinstance(one, Row):
            found.append(one)
        else:
            refused += one[:1]
    kept, repeated = once_each(found)
    return Book(known, kept, [*wrong, *astray], [*refused, *repeated])


def due(rows: Sequence[Row], day: date) -> tuple[list[Row], list[Wrong]]:
    """Return the rows that hold from a day on, and why others do not any more.

    What was to begin by that day holds from then on, in place of what the file has before it; what ends by
    then is over.
    """
    latest = {
        row.about: row
        for row in sorted(rows, key=lambda row: row.span.effective_from or date.min)
        if row.span.effective_from is None or row.span.effective_from <= day
    }
    kept, late = [], []
    for row in rows:
        first, last = row.span.effective_from, row.span.effective_to
        if first is None or first <= day:
            newer = latest[row.about]
            if newer is not row:
                late.append(Wrong(row.row, "effective_from", f"{newer.row} of the file holds by {day}"))
                continue
            first = None
        if last is not None and last <= (first or day):
            late.append(Wrong(row.row, "effective_to", f"this is over by {first or day}"))
            continue
        kept.append(replace(row, span=row.span.model_copy(update={"effective_from": first})))
    return kept, late


def terms_of(row: Row) -> Terms | list[Wrong]:
    """Return the terms of a row, or everything that is wrong with them."""
    try:
        return Terms.model_validate(row.values)
    except ValidationError as error:
        return list(wrong_fields(row.row, error))


def content_of(
    row: Row, known: ItemContent | None = None, usual_days: int = collected.LEGAL_DAYS
) -> ItemContent | list[Wrong]:
    """Return the item of a row, or everything that is wrong with it; `known` is what is in force of it.

    The row may also have the collected facts of the item: without a limit in them, `usual_days` are promised.
    """
    try:
        facts = collected.is_one(row.values)
        return ItemContent.model_validate(
            collected.item(row.values, known, usual_days) if facts else row.values
        )
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False, include_context=False)
        return [wrong_at(row, ".".join(map(str, one["loc"])), one["msg"]) for one in told]


def assumed(row: Row, found: ItemContent) -> list[Wrong]:
    """Return what of an item its row does not tell, but was assumed."""
    return [wrong_at(row, place, why) for place, why in collected.assumed(row.values, found).items()]


def wrong_at(row: Row, place: str, reason: str) -> Wrong:
    """Say what is wrong with a part of an item, at the row of the sheet that the part came from."""
    parts = place.split(".")
    for length in range(len(parts), 0, -1):
        origin = row.origins.get(".".join(parts[:length]))
        if origin is not None:
            return Wrong(origin, ".".join(parts[length:]) or parts[0], reason[:MOST_REASON])
    return Wrong(row.row, place[:MOST_FIELD], reason[:MOST_REASON])


def once_each(rows: Iterable[Row]) -> tuple[list[Row], list[Wrong]]:
    """Split rows into the first about everything from a day on, and what is said of the others."""
    first: dict[object, str] = {}
    kept, wrong = [], []
    for row in rows:
        about = (row.about, row.span.effective_from)
        if first.setdefault(about, row.row) == row.row:
            kept.append(row)
        else:
            what = "item stands" if row.section is Section.ITEMS else "district's terms stand"
            wrong.append(Wrong(row.row, "code", f"this {what} in {first[about]} already"))
    return kept, wrong


def categories_of(entries: Iterable[tuple[str, Any]]) -> tuple[list[CategoryIn], list[Wrong]]:
    """Read the categories of a file, each with its row: parents have to stand before what is below them."""
    found: dict[str, CategoryIn] = {}
    wrong: list[Wrong] = []
    for row, values in entries:
        try:
            category = CategoryIn.model_validate(values)
        except ValidationError as error:
            wrong += wrong_fields(row, error)
            continue
        if category.parent not in ROOTS and category.parent not in found:
            wrong.append(Wrong(row, "parent", "this is none of the ten and does not stand above"))
        elif category.code in found or category.code in ROOTS:
            wrong.append(Wrong(row, "code", "there is such a category already"))
        else:
            found[category.code] = category
    return list(found.values()), wrong


def roots_of(categories: Iterable[CategoryIn], known: Mapping[str, str]) -> dict[str, str]:
    """Return the root of every category, those of a file after the `known` ones."""
    roots = dict(known)
    for category in categories:
        roots.setdefault(category.code, roots.get(category.parent, category.parent))
    return roots
