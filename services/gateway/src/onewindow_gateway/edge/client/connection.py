"""One connection to a service: bytes out, an answer in."""

import asyncio
from math import inf
from typing import Protocol, cast

from onewindow_gateway.edge.ports import UpstreamBroken, UpstreamError, UpstreamTimeout
from onewindow_gateway.edge.settings import UpstreamSettings

from .exchange import Exchange
from .reader import AnswerReader


class Owner(Protocol):
    """Who a connection belongs to."""

    def released(self, connection: "Connection") -> None:
        """The answer is complete and the connection can carry another request."""

    def lost(self, connection: "Connection") -> None:
        """The connection is gone."""


class Connection(asyncio.Protocol):
    """Carries one request at a time. Time-outs are deadlines, at which the owner calls `overdue`."""

    def __init__(self, owner: Owner, loop: asyncio.AbstractEventLoop, settings: UpstreamSettings) -> None:
        self._owner = owner
        self._loop = loop
        self._settings = settings
        self._transport: asyncio.Transport
        self._reader = AnswerReader(settings.max_head_bytes)
        self._exchange: Exchange | None = None
        self._sent = False
        self._lost = False
        self._reading_paused = False
        self._writable: asyncio.Future[None] | None = None
        self.served = 0
        """Answers carried so far."""
        self.deadline = inf
        """When the service must have made progress, on the loop's clock."""
        self.idle_since = 0.0

    @property
    def usable(self) -> bool:
        return not self._lost and not self._transport.is_closing()

    def begin(self, data: bytes, *, head_only: bool, more: bool) -> Exchange:
        """Write the first bytes of a request (all of it unless `more`)."""
        exchange = self._exchange = Exchange(self, self._loop, head_only=head_only)
        self._reader.expect(exchange)
        self._sent = not more
        self.deadline = inf if more else self._loop.time() + self._settings.head_timeout
        self._transport.write(data)
        return exchange

    async def write(self, data: bytes) -> bool:
        """Write on, waiting while the service takes nothing; False when it wants no more of the body."""
        if self._wants_no_more():
            return False
        self._transport.write(data)
        if self._writable is not None:
            self.deadline = self._loop.time() + self._settings.between_bytes_timeout
            await asyncio.shield(self._writable)
            self.deadline = inf if not self._reader.head_done else self.deadline
        return not self._wants_no_more()

    def _wants_no_more(self) -> bool:
        return self._exchange is None or self._reader.head_done

    def finished_sending(self) -> None:
        """The whole request is written."""
        self._sent = True
        if not self._wants_no_more():
            self.deadline = self._loop.time() + self._settings.head_timeout

    def drop(self, exchange: Exchange) -> None:
        """Close at once, if still busy with this exchange."""
        if self._exchange is exchange:
            self._exchange = None
            self._transport.abort()

    def close(self) -> None:
        self._transport.close()

    def overdue(self) -> None:
        """The deadline has passed."""
        self._fail(UpstreamTimeout("no answer in time", self._settings.retry_after))

    def resume(self, exchange: Exchange) -> None:
        """The reader took what was buffered."""
        if self._reading_paused and self._exchange is exchange:
            self._reading_paused = False
            self.deadline = self._loop.time() + self._settings.between_bytes_timeout
            self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._fail(UpstreamBroken("connection lost", self._settings.retry_after))
        self._owner.lost(self)

    def eof_received(self) -> bool:
        if self._exchange is not None and self._reader.end():
            self._complete(self._exchange)
        return False

    def pause_writing(self) -> None:
        if self._writable is None:
            self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    def data_received(self, data: bytes) -> None:
        exchange = self._exchange
        if exchange is None:
            self._transport.abort()
            return
        exchange.touched = True
        try:
            self._reader.feed(data)
        except UpstreamBroken as error:
            self._fail(error)
            return
        if self._reader.message_done:
            self._complete(exchange)
        elif self._reader.head_done:
            self._progress(exchange)

    def _progress(self, exchange: Exchange) -> None:
        """Part of an answer is here: hand it over, or wait for the rest if it will be small."""
        self.deadline = self._loop.time() + self._settings.between_bytes_timeout
        announced = self._reader.announced
        if exchange.delivered:
            exchange.wake()
        elif announced is None or announced > self._settings.buffer_bytes:
            exchange.deliver()
            self.resume_writing()
        if exchange.size > self._settings.buffer_bytes and not self._reading_paused:
            self._reading_paused = True
            self.deadline = inf
            self._transport.pause_reading()

    def _complete(self, exchange: Exchange) -> None:
        self._exchange = None
        self.deadline = inf
        self.served += 1
        exchange.complete = True
        if exchange.delivered:
            exchange.wake()
        else:
            exchange.deliver()
        if self._sent and self._reader.keeps_alive:
            self._owner.released(self)
        else:
            self.resume_writing()
            self._transport.abort()

    def _fail(self, error: UpstreamError) -> None:
        exchange, self._exchange = self._exchange, None
        self.deadline = inf
        self.resume_writing()
        if exchange is not None:
            exchange.fail(error)
            self._transport.abort()
