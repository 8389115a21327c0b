"""Workbooks that leave while they are written (ECMA-376, SpreadsheetML): nothing of them waits for their end.

A library that writes workbooks puts the archive together when the last row is known. Here each sheet goes
into the archive as its rows come, texts beside their cells, and what names the sheets comes last.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import IO, Final, Self
from xml.sax.saxutils import escape, quoteattr

from onewindow_shared.plumbing.attachments import Ready

Cell = str | int | float | Decimal | date | None
"""What a cell holds. An instant is written in the wall time of its own zone, to the second."""
Row = Sequence[Cell]

LONGEST: Final = 32_767
"""Characters that a cell holds."""
LAST_ROW: Final = 1_048_576
_COMPRESSION: Final = 3
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MOMENT, _DAY = 1, 2
"""Styles of `_STYLES`."""
_STYLES: Final = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_DAY_ZERO: Final = date(1899, 12, 30)
_FIRST_DAY: Final = date(1900, 3, 1)
"""From here on every spreadsheet counts days alike; earlier ones are written as texts."""
_NOT_PLAIN: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Signs that XML has no room for, and what would be taken for their escape."""


class CannotHold(ValueError):
    """A workbook has no room for so long a text or so many rows."""


class Book:
    """A workbook under way; `taken` returns what of it is ready to leave."""

    def __init__(self) -> None:
        self._ready = Ready()
        self._archive = zipfile.ZipFile(self._ready, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION)
        self._names: list[str] = []

    def sheet(self, name: str) -> "Sheet":
        """Begin the next sheet; the one before has to be ended. Names have up to 31 characters."""
        self._names.append(name)
        return Sheet(self._archive.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w"))

    def end(self) -> None:
        """Write what names the sheets, and the archive's own list of contents."""
        for name, text in _parts(self._names):
            self._archive.writestr(name, text)
        self._archive.close()

    def taken(self) -> bytes:
        """Return what was written since this was last asked for."""
        return self._ready.taken()


class Sheet:
    """Rows one below another."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part = part
        self._rows = 0
        self._write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>')

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write("</sheetData></worksheet>")
        self._part.close()

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows; raises `CannotHold`."""
        lines = []
        for row in rows:
            if self._rows == LAST_ROW:
                raise CannotHold(f"a sheet has {LAST_ROW} rows")
            self._rows += 1
            lines.append(f'<row r="{self._rows}">{"".join(map(_cell, row))}</row>')
        self._write("".join(lines))

    def _write(self, text: str) -> None:
        self._part.write(text.encode())


def _cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, datetime):
        return _moment(cell) if cell.date() >= _FIRST_DAY else _text(str(cell))
    if isinstance(cell, date):
        return f'<c s="{_DAY}"><v>{_days(cell)}</v></c>' if cell >= _FIRST_DAY else _text(str(cell))
    return f"<c><v>{+cell}</v></c>"


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise CannotHold(f"a cell has {LONGEST} characters")
    kept = "" if text == text.strip() else ' xml:space="preserve"'
    escaped = escape(_NOT_PLAIN.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text))
    return f'<c t="inlineStr"><is><t{kept}>{escaped}</t></is></c>'


def _moment(moment: datetime) -> str:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return f'<c s="{_MOMENT}"><v>{_days(moment.date()) + seconds / 86_400:.8f}</v></c>'


def _days(day: date) -> int:
    return (day - _DAY_ZERO).days


def _parts(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    related = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers] + [("styles", "styles.xml")]
    kinds = {f"/xl/worksheets/sheet{n}.xml": "worksheet" for n in numbers}
    kinds |= {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    yield "xl/styles.xml", _STYLES
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>'
    yield "xl/workbook.xml", _XML + book
    yield "xl/_rels/workbook.xml.rels", _relations(related)
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    contents = f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{overrides}</Types>'
    yield "[Content_Types].xml", _XML + contents


def _relations(related: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(related, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'
