"""Request bodies, never more of them than allowed."""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Message, Receive

from .arrival import Arrival
from .ports import BodyStream
from .problems import Refusal, body_too_large
from .settings import EdgeSettings
from .watch import Visit


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


async def read_body(
    arrival: Arrival, receive: Receive, settings: EdgeSettings, visit: Visit
) -> bytes | BodyStream:
    """The body of a request to forward: small ones whole, others as they come.

    Raises `Refusal` when it is announced as too large.
    """
    length, chunked = arrival.length, arrival.chunked
    most = settings.most_bytes(arrival.path)
    if length > most:
        raise body_too_large(most)
    if not length and not chunked:
        visit.body_read()
        return b""
    pieces = _pieces(receive, most, visit)
    if not chunked and length <= settings.buffered_body_bytes:
        return b"".join([piece async for piece in pieces])
    return BodyStream(pieces, None if chunked else length)


async def _pieces(receive: Receive, limit: int, visit: Visit) -> AsyncIterator[bytes]:
    size, more = 0, True
    while more:
        visit.awaits_client()
        message = await receive()
        visit.goes_on()
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(piece)
        if size > limit:
            raise body_too_large(limit)
        yield piece
    visit.body_read()


class LimitedBody:
    """The `receive` of one of the gateway's own routes, cut off at the limit.

    A route may turn what it is told into an answer of its own, hence `exceeded`.
    """

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._size = 0
        self.exceeded: Refusal | None = None

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            if self._size > self._limit:
                self.exceeded = body_too_large(self._limit)
                raise self.exceeded
        return message


async def drain(receive: Receive, settings: EdgeSettings) -> None:
    """Read and forget the rest of a body, up to a size and a time, so that the client gets to read."""
    size, more = 0, True
    try:
        async with asyncio.timeout(settings.drain_seconds):
            while more and size <= settings.drain_bytes:
                message = await receive()
                more = message["type"] == "http.request" and message.get("more_body", False)
                size += len(message.get("body", b""))
    except TimeoutError:
        return
