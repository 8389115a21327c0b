"""The HTTP protocol on the socket: uvicorn's, with an end to how long and how slow a request's head may be.

The parser alone would take a header of any size for any time, from anybody who can connect.

An answer that lasts is told through the application's state when the server stops, so that it can end before
it is cut off.

An application that has the method `at_once` is asked by it first what a GET is to be told. What it returns is
written without a task, an ASGI cycle and its messages, which cost more than the answer to a poll.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_BYTES = 64 * 1024
"""Largest request line and headers together; browsers and gateways send a few kilobytes."""
HEAD_SECONDS = 15.0
"""How long a client may take to send them."""
STOPPING = "stopping"
"""Name of the event in the state of the application that is set when the server begins to stop."""
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/problem+json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
)
_PROBLEM = (
    b'{"type":"urn:onewindow:problem:head-too-large","title":"Headers too large","status":431,'
    b'"detail":"Send less than 64 KiB of headers."}'
)


Headers = list[tuple[bytes, bytes]]
AtOnce = Callable[[bytes, Headers], tuple[int, Headers, bytes] | None]
"""Returns status, headers and body for the target and the headers of a GET without a body, or None."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol that answers 431 to an endless head, hangs up on a slow one, and answers at once."""

    _told = False
    _head_bytes = 0
    _reading_head = True
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._at_once: AtOnce | None = getattr(self.app, "at_once", None)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        stopping: asyncio.Event | None = self.app_state.get(STOPPING)
        if stopping is not None:
            stopping.set()
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        if self._reading_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._reading_head and self._head_bytes:
            self._go_on_reading()

    def _go_on_reading(self) -> None:
        self._watch()
        if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE % (len(_PROBLEM), _PROBLEM))
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._reading_head = False
        self._unwatch()
        self._told = self._at_once is not None and self._tell(self._at_once)
        if not self._told:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self._told:
            self.on_response_complete()
        else:
            super().on_message_complete()
        self._reading_head, self._head_bytes = True, 0

    def _tell(self, at_once: AtOnce) -> bool:
        """Answer at once what can be, unless an earlier request waits or the connection is not kept."""
        parser = self.parser
        if parser.get_method() != b"GET" or parser.get_http_version() != "1.1":
            return False
        earlier_waits = not getattr(self.cycle, "response_complete", True)
        if earlier_waits or self.flow.write_paused or not parser.should_keep_alive():
            return False
        answer = at_once(self.url, self.headers)
        if answer is None:
            return False
        status, headers, body = answer
        lines = [b"%s: %s\r\n" % pair for pair in (*self.server_state.default_headers, *headers)]
        self.transport.write(b"".join((STATUS_LINE[status], *lines, b"\r\n", body)))
        return True

    def _watch(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self._reading_head and not self.transport.is_closing():
            self.transport.close()
