"""The catalogue as YAML: `categories`, `items` and `overrides`, as the contracts have them."""

from collections.abc import Iterator
from typing import Any

from onewindow_intake.exchange.rules import Book, Row, book_of
from onewindow_intake.exchange.written import Catalogue, plain_items, plain_terms
from onewindow_shared.contracts.exchange import Section
from onewindow_shared.plumbing.uploads import UnreadableError, plain
from onewindow_shared.plumbing.yamlfiles import dump, load


def read(file: bytes) -> Book:
    """Read a file; raises `UnreadableError`."""
    document = load(file)
    if not isinstance(document, dict) or not any(isinstance(document.get(name), list) for name in Section):
        raise UnreadableError("the file has no list of items, and none of overrides")
    below = document.get("categories") or []
    entries = enumerate(below if isinstance(below, list) else [below])
    rows = [*_rows(document, Section.ITEMS), *_rows(document, Section.OVERRIDES)]
    return book_of(((f"categories.{n}", plain(one)) for n, one in entries), rows)


def _rows(document: dict[str, Any], section: Section) -> Iterator[Row]:
    listed = document.get(section) or []
    if not isinstance(listed, list):
        raise UnreadableError(f"{section} are a list")
    for n, one in enumerate(listed):
        yield Row(f"{section}.{n}", plain(one) if isinstance(one, dict) else {}, section=section)


def write(catalogue: Catalogue) -> bytes:
    """Write a catalogue."""
    document = {
        "categories": [category.model_dump(mode="json") for category in catalogue.categories],
        "items": plain_items(catalogue),
        "overrides": plain_terms(catalogue),
    }
    return dump(document)
