"""One answer on its way: filled by the connection, read by whoever sent the request."""

import asyncio
from typing import TYPE_CHECKING

from onewindow_gateway.edge.ports import Headers, UpstreamError

if TYPE_CHECKING:
    from .connection import Connection


class Exchange:
    """A request's answer; implements `UpstreamResponse`.

    Small answers are handed over `whole`. Others are handed over at the head, and their pieces wait in a
    bounded buffer: the connection stops reading until they are taken.
    """

    __slots__ = (
        "_loop", "_reader", "arrived", "chunks", "complete", "connection", "delivered", "error", "head_only",
        "headers", "size", "status", "touched", "whole",
    )  # fmt: skip

    def __init__(self, connection: "Connection", loop: asyncio.AbstractEventLoop, *, head_only: bool) -> None:
        self._loop = loop
        self._reader: asyncio.Future[None] | None = None
        self.connection = connection
        self.head_only = head_only
        self.arrived: asyncio.Future[None] = loop.create_future()
        """Done when the answer can be handed over, or will never come (then `error` is set)."""
        self.status = 0
        self.headers: Headers = []
        self.whole: bytes | None = None
        self.chunks: list[bytes] = []
        self.size = 0
        self.touched = False
        """Whether a single byte of the answer was received."""
        self.complete = False
        self.delivered = False
        self.error: UpstreamError | None = None

    def deliver(self) -> None:
        """Hand over what is here; `whole` when nothing more comes."""
        self.delivered = True
        if self.complete:
            self.whole = b"".join(self.chunks)
        if not self.arrived.done():
            self.arrived.set_result(None)

    def wake(self) -> None:
        """Something changed for the reader of the body."""
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def fail(self, error: UpstreamError) -> None:
        """The rest will not come."""
        self.error = error
        self.deliver()
        self.wake()

    def __aiter__(self) -> "Exchange":
        return self

    async def __anext__(self) -> bytes:
        while not self.chunks:
            if self.complete:
                raise StopAsyncIteration
            if self.error is not None:
                raise self.error
            self._reader = self._loop.create_future()
            await self._reader
        return self._take()

    def _take(self) -> bytes:
        data = self.chunks[0] if len(self.chunks) == 1 else b"".join(self.chunks)
        self.chunks.clear()
        self.size = 0
        if not self.complete:
            self.connection.resume(self)
        return data

    def close(self) -> None:
        """Nobody waits for the rest; a connection in the middle of it is of no further use."""
        if not self.complete:
            self.connection.drop(self)
