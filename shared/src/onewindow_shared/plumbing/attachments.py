"""Files as answers that leave while they are made: nothing of them waits for their end."""

import zipfile
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

ZIP_TYPE = "application/zip"


class Ready:
    """What an archive is written to: it is told to go on, never to go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take what is next."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what is written is ready."""

    def close(self) -> None:
        """Do nothing: what is ready can still be taken."""

    def taken(self) -> bytes:
        """Return what was written since this was last asked for."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Attachment(StreamingResponse):
    """A file, begun; what makes it is ended even when the client leaves. `filename` is ASCII."""

    def __init__(self, first: bytes, others: AsyncGenerator[bytes], filename: str, media_type: str) -> None:
        headers = {
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
        }
        super().__init__(_joined(first, others), headers=headers, media_type=media_type)
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        async with aclosing(self._others):
            await super().__call__(scope, receive, send)


async def _joined(first: bytes, others: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for piece in others:
        yield piece


@dataclass(frozen=True)
class Packed:
    """A file of an archive."""

    name: str
    at: datetime
    """Its time, in the wall time of its own zone."""
    content: bytes


async def zip_answer(filename: str, files: AsyncGenerator[Packed]) -> Attachment:
    """Answer with an archive of files, packed as they come; what fails with the first one is raised here.

    They are not compressed: PDF and XLSX are already.
    """
    pieces = _packed(files)
    return Attachment(await anext(pieces), pieces, filename, ZIP_TYPE)


async def _packed(files: AsyncGenerator[Packed]) -> AsyncGenerator[bytes]:
    ready = Ready()
    with zipfile.ZipFile(ready, "w") as archive:
        async with aclosing(files):
            async for file in files:
                archive.writestr(zipfile.ZipInfo(file.name, file.at.timetuple()[:6]), file.content)
                yield ready.taken()
    yield ready.taken()
