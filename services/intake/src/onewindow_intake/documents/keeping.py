"""The keeper stands between requests, transactions and the store, in an order that a crash cannot hurt.

A folder is known to the database before anything lies in it, a part lies in the store before its row says so,
and rows go after what they name. What a crash leaves behind is in a known folder, which is emptied later.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from onewindow_intake.documents import rules, service, tending
from onewindow_intake.documents.endings import Ending
from onewindow_intake.documents.problems import DocumentCutOff, DocumentTooLarge, UnknownType
from onewindow_intake.documents.rules import Terms
from onewindow_intake.documents.scanning import Scanner
from onewindow_intake.documents.service import Folder, Handed, Piece
from onewindow_intake.documents.store import Store
from onewindow_shared.contracts.documents import DocumentDisclosureIn, DocumentOut, Scan, UploadOut
from onewindow_shared.plumbing.problems import Problem, Unavailable
from onewindow_shared.plumbing.runtime import Run, Runtime
from onewindow_shared.plumbing.unit import system_actor


@dataclass(frozen=True)
class Keeper:
    """Takes parts in, completes uploads, hands documents out, and looks after the store."""

    runtime: Runtime
    store: Store
    terms: Terms
    scanner: Scanner | None

    async def take_part(self, run: Run, upload_id: str, number: int, body: AsyncIterator[bytes]) -> UploadOut:
        """Take one part; sent again it takes the place of the one before."""
        folder = await run.read(service.folder, upload_id)
        most = self.terms.part_bytes
        pieces = [piece async for piece in _cut(body, most, most)]
        taken = await self._put(folder, number, pieces[0])
        return await self._add(run, upload_id, [taken], whole=False)

    async def take_whole(self, run: Run, upload_id: str, body: AsyncIterator[bytes]) -> DocumentOut:
        """Take a whole document as it streams in, never more than one part of it in memory; complete it."""
        folder = await run.read(service.folder, upload_id)
        taken: list[Piece] = []
        async for piece in _cut(body, self.terms.part_bytes, self.terms.most_bytes):
            taken.append(await self._put(folder, len(taken) + 1, piece))
        await self._add(run, upload_id, taken, whole=True)
        return await self.complete(run, upload_id)

    async def _put(self, folder: Folder, number: int, data: bytes) -> Piece:
        path = await self.store.put(folder.content_id, number, folder.key, data)
        return Piece(number, path, len(data))

    async def _add(self, run: Run, upload_id: str, taken: list[Piece], *, whole: bool) -> UploadOut:
        try:
            return await run.write(service.add_pieces, upload_id, taken, self.terms, whole=whole)
        except Problem:
            for piece in taken:
                await self.store.forget(piece.path)
            raise

    async def complete(self, run: Run, upload_id: str) -> DocumentOut:
        """Read all parts once, tell their type and fingerprint, and keep them; or share what is the same."""
        found = await run.read(service.to_complete, upload_id)
        if isinstance(found, DocumentOut):
            return found
        digest, media_type = await self._known(found)
        args = (upload_id, found, digest, media_type)
        try:
            return await run.write(service.finish, *args)
        except IntegrityError:
            return await run.write(service.finish, *args)

    async def _known(self, folder: Folder) -> tuple[str, str]:
        digest, head, ending = hashlib.sha256(), b"", Ending()
        async for piece in self._read(folder):
            digest.update(piece)
            ending.see(piece)
            head = head if len(head) >= rules.HEAD else (head + piece)[: rules.HEAD]
        media_type = rules.type_of(head)
        if media_type == rules.ZIP:
            whole = b"".join([piece async for piece in self._read(folder)])
            media_type = await asyncio.to_thread(rules.type_in_container, whole)
        if media_type is None:
            raise UnknownType(detail="Send a photo, a PDF or an office file.", taken=[*rules.EXTENSIONS])
        if not ending.reached(media_type):
            raise DocumentCutOff(detail="The file breaks off before its end; send the whole of it.")
        return digest.hexdigest(), media_type

    async def _read(self, folder: Folder) -> AsyncIterator[bytes]:
        for piece in folder.pieces:
            yield await self.store.get(piece.path, folder.key)

    async def hand_out(
        self, run: Run, case_no: str, document_id: str, form: DocumentDisclosureIn
    ) -> tuple[Handed, AsyncIterator[bytes]]:
        """Return a document and its bytes; the first of them were had already."""
        found = await run.write(service.hand_out, case_no, document_id, form, self.terms)
        pieces = self._read(found.folder)
        first = await anext(pieces)

        async def whole() -> AsyncIterator[bytes]:
            yield first
            async for piece in pieces:
                yield piece

        return found, whole()

    async def tend(self) -> int:
        """Empty one folder of what does not belong there."""
        found = await self.runtime.read(system_actor(self.runtime.name), tending.to_tend)
        if found is None:
            return 0
        folder, dropped = found
        keep = () if dropped else [piece.path for piece in folder.pieces]
        try:
            await self.store.clear(folder.content_id, keep)
        except Unavailable:
            await self.runtime.system(tending.tend_later, folder.content_id)
            raise
        await self.runtime.system(tending.tended, folder.content_id)
        return 1

    async def scan(self) -> int:
        """Have the scanner look at one content."""
        if self.scanner is None:
            return 0
        folder = await self.runtime.read(system_actor(self.runtime.name), tending.to_scan)
        if folder is None:
            return 0
        try:
            answer = await self.scanner(self._read(folder))
        except Unavailable:
            answer = Scan.WAITING
        await self.runtime.system(tending.scanned, folder.content_id, answer)
        return 1


async def _cut(body: AsyncIterator[bytes], size: int, most: int) -> AsyncIterator[bytes]:
    """Cut a stream into pieces of `size`, the last one shorter; refuse it when it is over `most`.

    Of nothing there is one piece, which is empty.
    """
    rest, seen = bytearray(), 0
    async for data in body:
        seen += len(data)
        if seen > most:
            raise DocumentTooLarge(detail="This is too large.", most_bytes=most)
        rest += data
        while len(rest) >= size:
            yield bytes(rest[:size])
            del rest[:size]
    if rest or not seen:
        yield bytes(rest)
