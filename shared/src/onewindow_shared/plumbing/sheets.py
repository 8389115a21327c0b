"""Tables for spreadsheets as answers, however many rows they have: only one slice of them is in memory.

No text becomes a formula (CWE-1236): in CSV one that a spreadsheet would calculate gets an apostrophe in
front, in XLSX texts are stored as texts.
"""

import csv
import io
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | date | None
"""What a cell holds. An instant is written in the wall time of its own zone, to the second."""
Row = Sequence[Cell]

BOM: Final = "\ufeff"
"""Without it Excel reads a CSV as GBK."""
CALCULATED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet would calculate (OWASP, CSV injection)."""
CSV_TYPE: Final = "text/csv; charset=utf-8; header=present"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = 32_767
"""Characters that a cell of XLSX holds."""
LAST_ROW: Final = 1_048_575
AT_ONCE = 1000
_PIECE = 64 * 1024
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}


class CannotHold(ValueError):
    """XLSX has no room for so long a text or so many rows."""


@dataclass(frozen=True)
class Table:
    """A table, slice by slice."""

    name: str
    """Of its sheet, up to 31 characters."""
    header: Sequence[str]
    slices: AsyncGenerator[Iterable[Row]]


async def sliced(rows: Iterable[Row]) -> AsyncGenerator[Sequence[Row]]:
    """Hand on rows that are at hand, some at a time."""
    waiting = iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        yield some


async def csv_answer(filename: str, table: Table) -> StreamingResponse:
    """Answer with a table as CSV (RFC 4180, UTF-8); what fails in the first slice is raised here.

    `filename` is ASCII.
    """
    pieces = _csv(table)
    return _Streamed(await anext(pieces), pieces, filename, CSV_TYPE)


async def xlsx_answer(filename: str, *tables: Table) -> StreamingResponse:
    """Answer with a workbook of these tables; what fails is raised here, since a workbook ends as a whole.

    Raises `CannotHold`. The file has no name on disk and is gone when it is sent, or nobody wants it.
    """
    pieces = _xlsx(tables)
    return _Streamed(await anext(pieces), pieces, filename, XLSX_TYPE)


class _Streamed(StreamingResponse):
    """An attachment, begun; what makes it is ended even when the client leaves."""

    def __init__(self, first: bytes, others: AsyncGenerator[bytes], filename: str, media_type: str) -> None:
        headers = {
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
        }
        super().__init__(_joined(first, others), headers=headers, media_type=media_type)
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._others):
            await super().__call__(scope, receive, send)


async def _joined(first: bytes, others: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for piece in others:
        yield piece


async def _csv(table: Table) -> AsyncGenerator[bytes]:
    head = (BOM + _lines([table.header])).encode()
    async with aclosing(table.slices):
        async for rows in table.slices:
            yield head + (await run_in_threadpool(_lines, rows)).encode()
            head = b""
    if head:
        yield head


def _lines(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(map(_plain, row) for row in rows)
    return text.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(CALCULATED) else cell
    return str(cell)


async def _xlsx(tables: Iterable[Table]) -> AsyncGenerator[bytes]:
    with TemporaryFile() as file:
        await _write_book(file, tables)
        await run_in_threadpool(file.seek, 0)
        while piece := await run_in_threadpool(file.read, _PIECE):
            yield piece


async def _write_book(file: IO[bytes], tables: Iterable[Table]) -> None:
    with TemporaryDirectory() as folder:
        book = Workbook(file, {**_OPTIONS, "tmpdir": folder})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        try:
            for table in tables:
                sheet = _Sheet(book.add_worksheet(table.name), moment, day)
                sheet.add([table.header])
                async with aclosing(table.slices):
                    async for rows in table.slices:
                        await run_in_threadpool(sheet.add, rows)
        finally:
            await run_in_threadpool(book.close)


class _Sheet:
    """Writes rows one below another."""

    def __init__(self, sheet: Worksheet, moment: Format, day: Format) -> None:
        self._sheet = sheet
        self._moment = moment
        self._day = day
        self._next = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows; raises `CannotHold`."""
        for row in rows:
            if self._next > LAST_ROW:
                raise CannotHold(f"a sheet has {LAST_ROW + 1} rows")
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._next += 1

    def _write(self, column: int, cell: Cell) -> None:
        sheet, row = self._sheet, self._next
        if isinstance(cell, str):
            if len(cell) > LONGEST:
                raise CannotHold(f"a cell has {LONGEST} characters")
            sheet.write_string(row, column, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._moment if isinstance(cell, datetime) else self._day)
        elif cell is not None:
            sheet.write_number(row, column, cell)
