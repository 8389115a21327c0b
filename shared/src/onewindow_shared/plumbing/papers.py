"""Papers as PDF/A-2b: a sheet of words goes into a template as data, never as markup.

The same sheet and moment give the same bytes. Pages are set by typst, which is loaded with the first one.
"""

import asyncio
import struct
import unicodedata
from datetime import date, datetime
from functools import cache, cached_property
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import orjson
from starlette.responses import Response

from onewindow_shared.contracts.papers import Sheet

if TYPE_CHECKING:
    from typst import Compiler

TEMPLATES = Path(str(files("onewindow_shared"))) / "templates"
FONTS = Path(str(files("pylopdf_fonts_zh_cn")))
FONT = "NotoSansSC-Regular.otf"
NOTICE = "notice"
"""Template of receipts, notices, decisions and statements."""
PDF = "application/pdf"
PRINTED: dict[int | str, dict[str, Any]] = {
    200: {"description": "PDF/A-2b", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}
"""How a route describes the answer that `paper_answer` gives."""
NO_GLYPH = "〓"
"""What Chinese printers set for a character that they have no type for."""


class Press:
    """Prints with one template; a page is set in a thread, one at a time, by a compiler that stays warm."""

    def __init__(self, template: str) -> None:
        self._template = TEMPLATES / f"{template}.typ"
        self._lock = Lock()

    @cached_property
    def _compiler(self) -> "Compiler":
        from typst import Compiler

        return Compiler(self._template, root=TEMPLATES, font_paths=[FONTS], ignore_system_fonts=True)

    async def printed(self, sheet: Sheet, at: datetime) -> bytes:
        """Return a sheet as PDF, created at the aware moment `at`."""
        return await asyncio.to_thread(self.print_now, sheet, at)

    def print_now(self, sheet: Sheet, at: datetime) -> bytes:
        """Return a sheet as PDF; for callers that are in a thread already."""
        data = settable(sheet.model_dump()) | {"qr": qr(sheet.check_address)}
        inputs = {"sheet": orjson.dumps(data).decode()}
        with self._lock:
            pdf = self._compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=["a-2b"], timestamp=int(at.timestamp())
            )
        return cast("bytes", pdf)


@cache
def press(template: str = NOTICE) -> Press:
    """Return the press of a template; there is one in the process."""
    return Press(template)


async def paper_answer(
    sheet: Sheet, at: datetime, template: str = NOTICE, *, cache: str = "no-store"
) -> Response:
    """Answer with a sheet as PDF, created at `at`, to be shown and saved under its number."""
    headers = {
        "Content-Disposition": f"inline; filename={sheet.number}.pdf",
        "Cache-Control": cache,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(await press(template).printed(sheet, at), headers=headers, media_type=PDF)


def qr(text: str) -> str:
    """Return a QR code as SVG, with a quarter of it restorable."""
    import segno

    drawn = BytesIO()
    segno.make(text, error="q", micro=False).save(drawn, kind="svg", border=0)
    return drawn.getvalue().decode()


def chinese_day(day: date) -> str:
    """Write a day as papers do: 2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def settable(value: Any) -> Any:
    """Return data whose every text can be set: invisible signs are dropped, unknown characters become 〓.

    Rare characters of names lie outside every font, and PDF/A admits no character without a glyph; signs
    that turn the direction of writing would show another text than was written.
    """
    if isinstance(value, str):
        return "".join(_sign(sign) for sign in unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {key: settable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [settable(inner) for inner in value]
    return value


def _sign(sign: str) -> str:
    if sign == "\n":
        return sign
    if unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"}:
        return ""
    return sign if ord(sign) in glyphs() else NO_GLYPH


@cache
def glyphs() -> frozenset[int]:
    """Return the code points that the font has a glyph for, from its table `cmap` (OpenType, format 12)."""
    font = (FONTS / FONT).read_bytes()
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * place) for place in range(count))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    found: set[int] = set()
    for place in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">L", font, cmap + 8 + 8 * place)[0]
        if struct.unpack_from(">H", font, start)[0] == 12:
            for group in range(struct.unpack_from(">L", font, start + 12)[0]):
                first, last, _ = struct.unpack_from(">LLL", font, start + 16 + 12 * group)
                found.update(range(first, last + 1))
    return frozenset(found)
