"""From the rows of a file to items, or to what is wrong with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from onewindow_intake.catalogue.rules import ROOTS
from onewindow_intake.exchange import collected
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import CategoryIn

Values = dict[str, Any]
MOST_FIELD, MOST_REASON = 200, 500


@dataclass(frozen=True)
class Row:
    """One item as a file has it."""

    row: str
    values: Values
    origins: Mapping[str, str] = field(default_factory=dict)
    """Part of the item, such as `materials.0` -> the row of another sheet that it came from."""


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row."""

    row: str
    field: str
    reason: str


@dataclass(frozen=True)
class Book:
    """A file that was read."""

    categories: Sequence[CategoryIn] = ()
    """Parents first."""
    rows: Sequence[Row] = ()
    wrong: Sequence[Wrong] = ()
    """What was wrong with the file apart from its items."""
    repeated: Sequence[Wrong] = ()
    """Rows of items that stand in the file already."""


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


def wrong_at(row: Row, place: str, reason: str) -> Wrong:
    """Say what is wrong with a part of an item, at the row of the sheet that the part came from."""
    parts = place.split(".")
    for length in range(len(parts), 0, -1):
        origin = row.origins.get(".".join(parts[:length]))
        if origin is not None:
            return Wrong(origin, ".".join(parts[length:]) or parts[0], reason[:MOST_REASON])
    return Wrong(row.row, place[:MOST_FIELD], reason[:MOST_REASON])


def once_each(rows: Iterable[Row]) -> tuple[list[Row], list[Wrong]]:
    """Split rows into the first of every code, and what is said of the others."""
    first: dict[str, str] = {}
    kept, wrong = [], []
    for row in rows:
        code = str(row.values.get("code", row.row))
        if first.setdefault(code, row.row) == row.row:
            kept.append(row)
        else:
            wrong.append(Wrong(row.row, "code", f"this item stands in {first[code]} already"))
    return kept, wrong


def categories_of(entries: Iterable[tuple[str, Any]]) -> tuple[list[CategoryIn], list[Wrong]]:
    """Read the categories of a file, each with its row: parents have to stand before what is below them."""
    found: dict[str, CategoryIn] = {}
    wrong: list[Wrong] = []
    for row, values in entries:
        try:
            category = CategoryIn.model_validate(values)
        except ValidationError as error:
            wrong += [
                Wrong(row, ".".join(map(str, one["loc"])), one["msg"][:MOST_REASON]) for one in error.errors()
            ]
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
