"""The catalogue as a workbook: a sheet of items, and sheets of what an item has several of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from onewindow_intake.exchange.rules import Book, Row, Span, Values, book_of
from onewindow_intake.exchange.written import Catalogue, plain_items, plain_terms
from onewindow_shared.contracts.catalogue import (
    ItemContent,
    ItemMaterial,
    ItemSource,
    ItemStep,
    PublicityStep,
    Template,
)
from onewindow_shared.contracts.cataloguing import CategoryIn, ItemTerms
from onewindow_shared.contracts.exchange import Section
from onewindow_shared.plumbing.rows import Wrong, as_field, takes_null
from onewindow_shared.plumbing.sheets import Table, sliced
from onewindow_shared.plumbing.uploads import Cells, UnreadableError, as_text, sheets_of
from onewindow_shared.plumbing.workbooks import Cell

Model = type[BaseModel]
NESTED: Final[Mapping[str, Model]] = {
    "source": ItemSource,
    "publicity": PublicityStep,
    "template": Template,
}
TEXTS: Final = ("aliases", "conditions", "legal_basis", "channels", "special_procedures", "communities")
DAYS: Final = tuple(Span.model_fields)
SINGLE_TERMS: Final = ("promised_days", "agency_available", "review")
TERMS: Final = (
    *("code", "district", "effective_from", "promised_days", "agency_available", "review"),
    *("channels", "fee", "free", "deferrable"),
)
"""Columns of terms: channels and codes are set apart by spaces."""
NONE: Final = "-"
"""Stands where no paper may be missing."""
ROWS: Final[Mapping[str, Model]] = {"materials": ItemMaterial, "steps": ItemStep}


def columns(model: Model) -> list[tuple[str, ...]]:
    """Return the columns of a sheet: fields, and fields of what is nested in them."""
    found: list[tuple[str, ...]] = []
    for name in model.model_fields:
        if name in NESTED:
            found += [(name, inner) for inner in NESTED[name].model_fields]
        elif name not in TEXTS and name not in ROWS:
            found.append((name,))
    return found


def write(catalogue: Catalogue) -> list[Table]:
    """Return the sheets of a catalogue."""
    items = plain_items(catalogue)
    categories: list[tuple[list[Cell], Values]] = [
        ([], one.model_dump(mode="json")) for one in catalogue.categories
    ]
    return [
        _table("items", ItemContent, [([], item) for item in items], behind=DAYS),
        *(_table(name, model, _owned(items, name)) for name, model in ROWS.items()),
        Table("texts", ["item", "list", "text"], sliced(_texts(items))),
        _table("categories", CategoryIn, categories),
        Table("overrides", TERMS, sliced(map(_terms_cells, plain_terms(catalogue)))),
    ]


def _owned(items: Iterable[Values], name: str) -> list[tuple[list[Cell], Values]]:
    """Return the parts of items, each with what stands before it: the name of its item."""
    return [([_named(item)], part) for item in items for part in item[name]]


def _named(item: Mapping[str, Any]) -> str:
    """Return the name by which an item's parts tell whose they are: its code, and a first day to come."""
    first = item.get("effective_from")
    return str(item.get("code")) if first is None else f"{item.get('code')}@{first}"


def _table(
    name: str, model: Model, parts: Iterable[tuple[list[Cell], Values]], behind: Sequence[str] = ()
) -> Table:
    paths = [*columns(model), *((column,) for column in behind)]
    header = [*(["item"] if name in ROWS else []), *(".".join(path) for path in paths)]
    return Table(
        name, header, sliced([*before, *(_cell(one, path) for path in paths)] for before, one in parts)
    )


def _cell(part: Mapping[str, Any], path: Sequence[str]) -> Cell:
    value: Any = part
    for name in path:
        value = None if value is None else value.get(name)
    return _shown(value)


def _texts(items: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    for item in items:
        for name in TEXTS:
            yield from ([_named(item), name, text] for text in item[name] or [])


def _terms_cells(row: Values) -> list[Cell]:
    terms = row["terms"]
    fee, deferrable = terms["fee"], terms["deferrable"]
    told = {
        **{name: row.get(name) for name in TERMS[:3]},
        **{name: terms[name] for name in SINGLE_TERMS},
        "channels": " ".join(terms["channels"] or ()),
        "fee": fee and fee["amount"],
        "free": None if fee is None else fee["amount"] is None,
        "deferrable": None if deferrable is None else " ".join(deferrable) or NONE,
    }
    return [_shown(told[name]) for name in TERMS]


def _shown(value: Any) -> Cell:
    return str(value).lower() if isinstance(value, bool) else value


def read(file: bytes) -> Book:
    """Read a workbook; raises `UnreadableError`."""
    sheets = sheets_of(file)
    if not any(section in sheets for section in Section):
        raise UnreadableError("the workbook has no sheet called items, and none called overrides")
    rows = [
        Row(row, _values(ItemContent, cells) | _days(cells)) for row, cells in sheets.get(Section.ITEMS, ())
    ]
    parts, astray = _parts(sheets, {_named(row.values) for row in rows})
    terms = [
        Row(row, _terms_of(cells), section=Section.OVERRIDES)
        for row, cells in sheets.get(Section.OVERRIDES, ())
    ]
    below = ((row, _values(CategoryIn, cells)) for row, cells in sheets.get("categories", ()))
    return book_of(below, [*(_whole(row, parts) for row in rows), *terms], astray)


def _days(cells: Cells) -> Values:
    return {name: as_text(cells[name]) for name in DAYS if cells.get(name) not in ("", None)}


def _terms_of(cells: Cells) -> Values:
    """Return the terms of a row; an empty cell is as the item says."""
    told = {name: as_field(ItemTerms.model_fields[name].annotation, cells.get(name)) for name in SINGLE_TERMS}
    channels, deferrable, fee = (as_field(str, cells.get(name)) for name in ("channels", "deferrable", "fee"))
    free = as_field(bool, cells.get("free"))
    told["channels"] = channels and channels.split()
    told["deferrable"] = deferrable and [code for code in deferrable.split() if code != NONE]
    told["fee"] = None if fee is None and free is not True else {"amount": fee}
    return {
        **{name: as_text(cells[name]) for name in TERMS[:2] if cells.get(name) not in ("", None)},
        **{name: value for name, value in _days(cells).items() if name in TERMS},
        "terms": told,
    }


Parts = Mapping[str, Sequence[tuple[str, str, Any]]]
"""Item code -> the list it belongs to, its row and itself, for each of its parts."""


def _parts(sheets: Mapping[str, Sequence[tuple[str, Cells]]], codes: set[str]) -> tuple[Parts, list[Wrong]]:
    found: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    wrong: list[Wrong] = []
    for sheet in (*ROWS, "texts"):
        for row, cells in sheets.get(sheet, ()):
            code, name = str(cells.get("item")), str(cells.get("list")) if sheet == "texts" else sheet
            if code not in codes:
                wrong.append(Wrong(row, "item", "no such item in the sheet of items"))
            elif name not in (*ROWS, *TEXTS):
                wrong.append(Wrong(row, "list", f"one of {', '.join(TEXTS)}"))
            else:
                part = _values(ROWS[name], cells) if name in ROWS else as_text(cells.get("text"))
                found[code].append((name, row, part))
    return found, wrong


def _whole(row: Row, parts: Parts) -> Row:
    values: Values = {name: [] for name in (*TEXTS, *ROWS)} | row.values
    origins: dict[str, str] = {}
    for name, origin, part in parts.get(_named(row.values), ()):
        origins[f"{name}.{len(values[name])}"] = origin
        values[name].append(part)
    values["communities"] = values["communities"] or None
    return Row(row.row, values, origins)


def _values(model: Model, cells: Cells) -> Values:
    """Return the fields of a row; an empty cell is null, or the default where null is not possible."""
    values: Values = {}
    for path in columns(model):
        kind = NESTED[path[0]] if len(path) > 1 else model
        given = cells.get(".".join(path))
        value = as_field(kind.model_fields[path[-1]].annotation, given)
        into = values.setdefault(path[0], {}) if len(path) > 1 else values
        if value is not None or takes_null(kind.model_fields[path[-1]].annotation):
            into[path[-1]] = value
    for name in NESTED.keys() & values.keys() - {"source"}:
        if all(inner is None for inner in values[name].values()):
            values[name] = None
    return values
