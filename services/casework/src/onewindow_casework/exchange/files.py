"""The register as YAML, and as a workbook with a sheet of each kind of rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from onewindow_casework.exchange.rules import SHEETS, Book, Register, Sheets, book_of
from onewindow_shared.contracts.common import Contract
from onewindow_shared.plumbing.rows import as_field, takes_null
from onewindow_shared.plumbing.sheets import XLSX_TYPE, Table, sliced
from onewindow_shared.plumbing.uploads import Cells, UnreadableError, plain, sheets_of
from onewindow_shared.plumbing.workbooks import Cell
from onewindow_shared.plumbing.yamlfiles import YAML_TYPE, dump, load

MOST_ROWS: Final = 5000


def read_yaml(file: bytes) -> Book:
    """Read a file; raises `UnreadableError`."""
    document = load(file)
    if not isinstance(document, dict) or not document:
        raise UnreadableError(f"the file has none of {', '.join(SHEETS)}")
    _expect_known(map(str, document))
    lists = {name: document.get(name) or [] for name in SHEETS}
    if not all(isinstance(rows, list) for rows in lists.values()):
        raise UnreadableError(f"{', '.join(SHEETS)} are lists")
    return _book(
        {
            name: [(f"{name}.{n}", plain(one) if isinstance(one, dict) else {}) for n, one in enumerate(rows)]
            for name, rows in lists.items()
        }
    )


def read_xlsx(file: bytes) -> Book:
    """Read a workbook; raises `UnreadableError`."""
    sheets = sheets_of(file)
    if not SHEETS.keys() & sheets.keys():
        raise UnreadableError(f"the workbook has none of the sheets {', '.join(SHEETS)}")
    _expect_known(name for name, rows in sheets.items() if rows)
    return _book(
        {
            name: [(row, _fields(model, cells)) for row, cells in sheets.get(name, ())]
            for name, model in SHEETS.items()
        }
    )


READERS: Final = {YAML_TYPE: read_yaml, XLSX_TYPE: read_xlsx}


def _expect_known(names: Iterable[str]) -> None:
    """Refuse what is misspelt: its rows would be left out without a word."""
    if unknown := set(names) - SHEETS.keys():
        raise UnreadableError(f"not known: {', '.join(sorted(unknown))}; there are {', '.join(SHEETS)}")


def _book(sheets: Sheets) -> Book:
    if sum(map(len, sheets.values())) > MOST_ROWS:
        raise UnreadableError(f"a file has at most {MOST_ROWS} rows")
    return book_of(sheets)


def _fields(model: type[Contract], cells: Cells) -> dict[str, Any]:
    values = {name: as_field(one.annotation, cells.get(name)) for name, one in model.model_fields.items()}
    return {
        name: value
        for name, value in values.items()
        if value is not None or takes_null(model.model_fields[name].annotation)
    }


def write_yaml(register: Register) -> bytes:
    """Write a register."""
    return dump(_plain(register))


def tables(register: Register) -> list[Table]:
    """Return the sheets of a register."""
    rows = _plain(register)
    return [
        Table(name, list(model.model_fields), sliced([*map(_cell, one.values())] for one in rows[name]))
        for name, model in SHEETS.items()
    ]


def _plain(register: Register) -> Mapping[str, Sequence[dict[str, Any]]]:
    return {
        name: [row.model_dump(mode="json") for row in getattr(register, name).values()] for name in SHEETS
    }


def _cell(value: Any) -> Cell:
    return str(value).lower() if isinstance(value, bool) else value
