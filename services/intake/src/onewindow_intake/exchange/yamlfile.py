"""The catalogue as YAML: `categories` and `items`, as the contracts have them."""

from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from onewindow_intake.exchange.rules import Book, Row, categories_of, once_each
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import CategoryIn
from onewindow_shared.plumbing.uploads import UnreadableError, plain

DEEPEST = 12


def read(file: bytes) -> Book:
    """Read a file; raises `UnreadableError`."""
    document = _load(file)
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise UnreadableError("the file has no list of items")
    rows = [
        Row(f"items.{n}", plain(one) if isinstance(one, dict) else {})
        for n, one in enumerate(document["items"])
    ]
    below = document.get("categories") or []
    entries = enumerate(below if isinstance(below, list) else [below])
    categories, wrong = categories_of((f"categories.{n}", plain(one)) for n, one in entries)
    rows, repeated = once_each(rows)
    return Book(categories, rows, wrong, repeated)


def write(categories: Iterable[CategoryIn], items: Sequence[ItemContent]) -> bytes:
    """Write a catalogue."""
    document = {
        "categories": [category.model_dump(mode="json") for category in categories],
        "items": [item.model_dump(mode="json") for item in items],
    }
    options: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 110, "encoding": "utf-8"}
    written: bytes = yaml.dump(document, Dumper=yaml.CSafeDumper, **options)
    return written


def _load(file: bytes) -> Any:
    """Load a document without references, which could make a small file endless, and without deep nests."""
    try:
        depth = 0
        for event in yaml.parse(file, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
                raise UnreadableError("references and deep nests are not read")
        return yaml.load(file, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise UnreadableError(f"this is no YAML{where}") from None
