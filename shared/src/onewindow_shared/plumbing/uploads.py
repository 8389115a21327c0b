"""Tables that are handed in as files: taken up to a size, unpacked with care, read row by row."""

import io
import math
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from fastapi import Request
from pydantic import Field
from python_calamine import CalamineError, CalamineWorkbook

from onewindow_shared.plumbing.problems import URN, Problem
from onewindow_shared.plumbing.settings import ServiceSettings

Cells = Mapping[str, Any]
"""A row by the names of its columns."""
MOST_UNPACKED: Final = 64 * 1024 * 1024
FIRST: Final = 2
"""Number of the row below the header."""
DEEPEST: Final = 8
REFUSED: Final = "\x01"
"""Stands for what cannot be kept; no field accepts a control character."""


class TakesFiles(ServiceSettings):
    """Settings of a service that takes tables as files."""

    most_import_bytes: int = Field(default=1024 * 1024, ge=1024)
    """Largest file that is imported; the gateway's `max_body_bytes` has to allow it."""


class UnknownFile(Problem):
    """The file comes under a media type that is not read here; workbooks come under their own."""

    type = URN + "unknown-file"
    title = "Unknown kind of file"
    status = 415


class UnreadableFile(Problem):
    """The file cannot be read at all; `detail` says why."""

    type = URN + "unreadable-file"
    title = "Unreadable file"
    status = 422


class FileTooLarge(Problem):
    """The file is larger than what is taken."""

    type = URN + "file-too-large"
    title = "File too large"
    status = 413


class UnreadableError(ValueError):
    """The file is none that could be read; the message says why."""


def kind_of(request: Request) -> str:
    """Return the media type of a body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def received(request: Request, limit: int) -> bytes:
    """Take a body of at most `limit` bytes; raises `FileTooLarge`."""
    file = bytearray()
    async for piece in request.stream():
        file += piece
        if len(file) > limit:
            raise FileTooLarge(detail=f"At most {limit} bytes are taken.")
    return bytes(file)


def sheets_of(file: bytes) -> dict[str, list[tuple[str, Cells]]]:
    """Return each sheet's rows that are not empty, called like `items!7`; raises `UnreadableError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise UnreadableError("the workbook is too large when it is unpacked")
        book = CalamineWorkbook.from_filelike(io.BytesIO(file))
        return {name: _rows(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names}
    except (CalamineError, zipfile.BadZipFile, ValueError, KeyError, OSError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("this is no workbook") from None


def _rows(sheet: str, cells: Sequence[Sequence[Any]]) -> list[tuple[str, Cells]]:
    if not cells:
        return []
    header = [str(name).strip() for name in cells[0]]
    for name, times in Counter(header).items():
        if name and times > 1:
            places = " and ".join(str(n) for n, one in enumerate(header, start=1) if one == name)
            raise UnreadableError(f"the sheet {sheet} has the column {name} at {places}")
    return [
        (f"{sheet}!{n}", dict(zip(header, map(plain, row), strict=False)))
        for n, row in enumerate(cells[1:], start=FIRST)
        if any(cell not in ("", None) for cell in row)
    ]


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON has it; what JSON cannot hold becomes a text that no field accepts."""
    if isinstance(value, dict) and depth < DEEPEST:
        return {_storable(str(key)): plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list) and depth < DEEPEST:
        return [plain(inner, depth + 1) for inner in value]
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return _storable(value) if isinstance(value, str) else REFUSED


def _storable(text: str) -> str:
    """Return a text that both databases hold: neither NUL nor half of a pair can be part of one."""
    return "".join(REFUSED if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in text)


def as_text(given: Any) -> str:
    """Return a cell as the text that it shows: a number without the fraction that spreadsheets add."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    if isinstance(given, date):
        return given.isoformat()
    return str(given)
