"""The catalogue as a workbook: a sheet of items, and sheets of what an item has several of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, Final, get_args

from pydantic import BaseModel

from onewindow_intake.exchange.rules import (
    Book,
    Row,
    Values,
    Wrong,
    categories_of,
    once_each,
)
from onewindow_shared.contracts.catalogue import (
    ItemContent,
    ItemMaterial,
    ItemSource,
    ItemStep,
    PublicityStep,
    Template,
)
from onewindow_shared.contracts.cataloguing import CategoryIn
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
ROWS: Final[Mapping[str, Model]] = {"materials": ItemMaterial, "steps": ItemStep}
YES_NO: Final = {"true": True, "false": False, "是": True, "否": False}


def columns(model: Model) -> list[tuple[str, ...]]:
    """Return the columns of a sheet: fields, and fields of what is nested in them."""
    found: list[tuple[str, ...]] = []
    for name in model.model_fields:
        if name in NESTED:
            found += [(name, inner) for inner in NESTED[name].model_fields]
        elif name not in TEXTS and name not in ROWS:
            found.append((name,))
    return found


def write(categories: Sequence[CategoryIn], items: Sequence[ItemContent]) -> list[Table]:
    """Return the sheets of a catalogue."""
    plain_items = [item.model_dump(mode="json") for item in items]
    return [
        _table("items", ItemContent, [([], item) for item in plain_items]),
        *(_table(name, model, _owned(plain_items, name)) for name, model in ROWS.items()),
        Table("texts", ["item", "list", "text"], sliced(_texts(plain_items))),
        _table("categories", CategoryIn, [([], one.model_dump(mode="json")) for one in categories]),
    ]


def _owned(items: Iterable[Values], name: str) -> list[tuple[list[Cell], Values]]:
    """Return the parts of items, each with what stands before it: the code of its item."""
    return [([item["code"]], part) for item in items for part in item[name]]


def _table(name: str, model: Model, parts: Iterable[tuple[list[Cell], Values]]) -> Table:
    paths = columns(model)
    header = [*(["item"] if name in ROWS else []), *(".".join(path) for path in paths)]
    return Table(
        name, header, sliced([*before, *(_cell(one, path) for path in paths)] for before, one in parts)
    )


def _cell(part: Mapping[str, Any], path: Sequence[str]) -> Cell:
    value: Any = part
    for name in path:
        value = None if value is None else value[name]
    return str(value).lower() if isinstance(value, bool) else value


def _texts(items: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    for item in items:
        for name in TEXTS:
            yield from ([item["code"], name, text] for text in item[name] or [])


def read(file: bytes) -> Book:
    """Read a workbook; raises `UnreadableError`."""
    sheets = sheets_of(file)
    if "items" not in sheets:
        raise UnreadableError("the workbook has no sheet called items")
    rows = [Row(row, _values(ItemContent, cells), {}) for row, cells in sheets["items"]]
    rows, repeated = once_each(rows)
    parts, astray = _parts(sheets, {str(row.values.get("code")) for row in rows})
    below = [(row, _values(CategoryIn, cells)) for row, cells in sheets.get("categories", ())]
    categories, misplaced = categories_of(below)
    return Book(categories, [_whole(row, parts) for row in rows], [*misplaced, *astray], repeated)


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
    for name, origin, part in parts.get(str(row.values.get("code")), ()):
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
        value = _typed(kind.model_fields[path[-1]].annotation, given)
        into = values.setdefault(path[0], {}) if len(path) > 1 else values
        if value is not None or _optional(kind.model_fields[path[-1]].annotation):
            into[path[-1]] = value
    for name in NESTED.keys() & values.keys() - {"source"}:
        if all(inner is None for inner in values[name].values()):
            values[name] = None
    return values


def _optional(annotation: Any) -> bool:
    return NoneType in get_args(annotation)


def _typed(annotation: Any, given: Any) -> Any:
    kinds = {annotation, *get_args(annotation)}
    if given in ("", None):
        return None
    if bool in kinds:
        return YES_NO.get(str(given).strip().lower(), given)
    if int in kinds or any(int in get_args(kind) for kind in kinds):
        return int(given) if isinstance(given, float) and given.is_integer() else given
    return as_text(given)
