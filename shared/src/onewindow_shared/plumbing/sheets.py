"""Tables for spreadsheets as answers, however many rows they have: only one slice of them is in memory.

No text becomes a formula (CWE-1236): in CSV one that a spreadsheet would calculate gets an apostrophe in
front, in XLSX texts are stored as texts.
"""

import csv
import io
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from starlette.concurrency import run_in_threadpool

from onewindow_shared.plumbing.attachments import Attachment
from onewindow_shared.plumbing.workbooks import Book, Cell, Row

BOM: Final = "\ufeff"
"""Without it Excel reads a CSV as GBK."""
CALCULATED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet would calculate (OWASP, CSV injection)."""
CSV_TYPE: Final = "text/csv; charset=utf-8; header=present"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The table",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in (CSV_TYPE.partition(";")[0], XLSX_TYPE)
        },
    }
}
"""How a route describes that it answers with a table."""
AT_ONCE = 1000


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


async def csv_answer(filename: str, table: Table) -> Attachment:
    """Answer with a table as CSV (RFC 4180, UTF-8); what fails in the first slice is raised here.

    `filename` is ASCII.
    """
    pieces = _csv(table)
    return Attachment(await anext(pieces), pieces, filename, CSV_TYPE)


async def xlsx_answer(filename: str, *tables: Table) -> Attachment:
    """Answer with a workbook of these tables, sent while it is written.

    What fails in the first slice is raised here; what fails later (`CannotHold` among it) breaks the answer
    off, so that no client takes it for a whole one.
    """
    pieces = _xlsx(tables)
    return Attachment(await anext(pieces), pieces, filename, XLSX_TYPE)


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
    book = Book()
    for table in tables:
        with book.sheet(table.name) as sheet:
            sheet.add([table.header])
            async with aclosing(table.slices):
                async for rows in table.slices:
                    await run_in_threadpool(sheet.add, rows)
                    yield book.taken()
    book.end()
    yield book.taken()
