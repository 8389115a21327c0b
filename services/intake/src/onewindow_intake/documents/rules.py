"""What is taken as a document, and what it is called."""

import re
import unicodedata
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Final

import puremagic
from python_calamine import CalamineError, CalamineWorkbook

LONGEST_NAME = 100
"""Characters, which are at most 400 bytes; longer names are cut, the extension stays."""
HEAD = 4096
"""Bytes of the beginning that tell a type."""
UNPACKED = 20
"""Times its own size to which a container may unpack; more is taken for a bomb."""
ZIP: Final = "application/zip"
EXTENSIONS: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heif": ".heic",
    "image/webp": ".webp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/ofd": ".ofd",
}
"""Types that are taken, with their extension; OFD is the national format of fixed pages (GB/T 33190)."""
_MAIN_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "OFD.xml": ".ofd"}
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@dataclass(frozen=True)
class Terms:
    """The district's terms for documents."""

    most_bytes: int
    part_bytes: int
    most_documents: int
    """Of one case."""
    unfinished: timedelta
    kept: timedelta
    """After the end of the case."""
    scanned: bool
    """There is a scanner: nothing is handed out before it has said that it is clean."""


def safe_name(name: str) -> str:
    """Return a name that no file system, header or reader of text can be tricked with."""
    plain = unicodedata.normalize("NFC", name)
    plain = re.split(r"[/\\]", plain)[-1]
    plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    plain = re.sub(r'[<>:"|?*%;\s]+', "_", plain).strip("._ ")
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    stem, dot, extension = plain.rpartition(".")
    if dot and len(extension) < 10:
        return f"{stem[: LONGEST_NAME - 11]}.{extension}"
    return plain[:LONGEST_NAME] or "document"


def named_by_type(name: str, media_type: str) -> str:
    """Return a name whose extension is that of its content."""
    extension = EXTENSIONS[media_type]
    stem = name.rpartition(".")[0] or name
    return name if name.lower().endswith(extension) else f"{stem}{extension}"


def type_of(head: bytes) -> str | None:
    """Return the type that the beginning tells, `ZIP` for any container; None if it is not taken."""
    if head.startswith(b"PK\x03\x04"):
        return ZIP
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    told = found[0].mime_type if found else ""
    return told if told in EXTENSIONS else None


def type_in_container(content: bytes) -> str | None:
    """Return what a container holds; None for what is not taken, has macros, or unpacks without measure."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            infos = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    names = {info.filename for info in infos}
    if sum(info.file_size for info in infos) > UNPACKED * max(len(content), 1024 * 1024):
        return None
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js")) or ".." in name for name in names):
        return None
    held = [extension for part, extension in _MAIN_PARTS.items() if part in names]
    if len(held) != 1 or (held != [".ofd"] and "[Content_Types].xml" not in names):
        return None
    if held == [".xlsx"] and not _opens(content):
        return None
    return next(media for media, extension in EXTENSIONS.items() if extension == held[0])


def _opens(workbook: bytes) -> bool:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(workbook)) as opened:
            return bool(opened.sheet_names)
    except CalamineError:
        return False


def missing_parts(numbers: Collection[int]) -> Sequence[int]:
    """Return the numbers that are missing between 1 and the last part."""
    return [number for number in range(1, max(numbers, default=1) + 1) if number not in numbers]
