"""Sends a request to one service and waits for the head of the answer."""

import time
from collections.abc import Callable

from onewindow_gateway.edge.ports import SAFE_METHODS, BodyStream, Headers, UnsendableRequest, UpstreamBroken
from onewindow_gateway.edge.settings import UpstreamSettings

from .connection import Connection
from .exchange import Exchange
from .pool import Pool
from .wire import LAST_CHUNK, chunk, request_head


class HttpUpstream:
    """A service at one address; implements `Upstream`.

    A kept-alive connection that turns out to be dead is replaced once, and only for a request without
    effect of whose answer nothing was received. Everything else fails, for the client to decide.
    """

    def __init__(
        self,
        host: str,
        port: int,
        settings: UpstreamSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host = b"host: %b" % _authority(host, port)
        self._pool = Pool(host, port, settings or UpstreamSettings(), clock)

    async def send(self, method: str, target: bytes, headers: Headers, body: bytes | BodyStream) -> Exchange:
        if isinstance(body, BodyStream):
            return await self._send_stream(method, target, headers, body)
        data = request_head(method, target, self._host, headers, len(body)) + body
        head_only = method == "HEAD"
        connection = self._pool.idle() or await self._pool.acquire()
        exchange = connection.begin(data, head_only=head_only, more=False)
        await _arrival(exchange)
        if exchange.error is None:
            return exchange
        if connection.served and not exchange.touched and _is_stale(exchange) and method in SAFE_METHODS:
            connection = await self._pool.acquire(fresh=True)
            exchange = connection.begin(data, head_only=head_only, more=False)
            await _arrival(exchange)
        if exchange.error is not None:
            raise exchange.error
        return exchange

    async def _send_stream(self, method: str, target: bytes, headers: Headers, body: BodyStream) -> Exchange:
        head = request_head(method, target, self._host, headers, body.length)
        connection = self._pool.idle() or await self._pool.acquire()
        exchange = connection.begin(head, head_only=method == "HEAD", more=True)
        try:
            await _write_body(connection, body)
        except BaseException:
            exchange.close()
            raise
        await _arrival(exchange)
        if exchange.error is not None:
            raise exchange.error
        return exchange

    async def aclose(self) -> None:
        self._pool.close()


def _authority(host: str, port: int) -> bytes:
    return f"[{host}]:{port}".encode("ascii") if ":" in host else f"{host}:{port}".encode("ascii")


def _is_stale(exchange: Exchange) -> bool:
    return isinstance(exchange.error, UpstreamBroken)


async def _arrival(exchange: Exchange) -> None:
    try:
        await exchange.arrived
    except BaseException:
        exchange.close()
        raise


async def _write_body(connection: Connection, body: BodyStream) -> None:
    """Pass the body on piece by piece, until the service answers early or the body ends."""
    chunked, written = body.length is None, 0
    async for piece in body.chunks:
        written += len(piece)
        if piece and not await connection.write(chunk(piece) if chunked else piece):
            return
    if not chunked and written != body.length:
        raise UnsendableRequest("the body is not as long as announced")
    if not chunked or await connection.write(LAST_CHUNK):
        connection.finished_sending()
