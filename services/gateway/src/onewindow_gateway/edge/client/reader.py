"""Reads answers off a connection into exchanges."""

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from onewindow_gateway.edge.headers import connection_options
from onewindow_gateway.edge.ports import UpstreamBroken

from .exchange import Exchange

_BODILESS = frozenset({204, 304})


class AnswerReader:
    """One answer after the other; what is not an answer to the request raises `UpstreamBroken`.

    llhttp in its strict mode refuses bare line breaks, folded lines, NUL, two lengths, and a length
    together with chunks.
    """

    def __init__(self, max_head_bytes: int) -> None:
        self._parser = HttpResponseParser(self)
        self._max_head_bytes = max_head_bytes
        self._exchange: Exchange | None = None
        self._head_bytes = 0
        self.head_done = False
        self.message_done = False
        self.keeps_alive = False
        self.until_close = False
        self.announced: int | None = None
        """Content-Length of the answer being read."""

    def expect(self, exchange: Exchange) -> None:
        """The next answer belongs to this exchange."""
        if self._exchange is not None and self._exchange.head_only:
            self._parser = HttpResponseParser(self)
        self._exchange = exchange
        self._head_bytes = 0
        self.head_done = self.message_done = self.until_close = False
        self.announced = None

    def feed(self, data: bytes) -> None:
        """Raises `UpstreamBroken`; bytes after a complete answer only make `keeps_alive` false."""
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if not self.message_done:
                raise UpstreamBroken("not an HTTP answer") from error
            self.keeps_alive = False
        if not self.head_done:
            self._head_bytes += len(data)
            self._check_head(self._head_bytes)

    def end(self) -> bool:
        """The connection was closed from the other side; True when that ends the answer properly."""
        self.message_done = self.head_done and self.until_close
        return self.message_done

    def on_message_begin(self) -> None:
        if self.message_done:
            self.keeps_alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._exchange is not None and not self.head_done:
            self._exchange.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        exchange = self._exchange
        if exchange is None or self.message_done:
            return
        status = self._parser.get_status_code()
        if 100 <= status < 200:
            exchange.headers.clear()
            return
        if not 200 <= status <= 599:
            raise UpstreamBroken("no such status")
        exchange.status = status
        self.head_done = True
        self._read_framing(exchange)
        self.message_done = exchange.head_only

    def on_body(self, body: bytes) -> None:
        exchange = self._exchange
        if exchange is None or self.message_done:
            self.keeps_alive = False
            return
        exchange.chunks.append(body)
        exchange.size += len(body)

    def on_message_complete(self) -> None:
        self.message_done = self.head_done

    def _read_framing(self, exchange: Exchange) -> None:
        chunked = False
        self.keeps_alive = self._parser.should_keep_alive()
        size = 0
        for name, value in exchange.headers:
            size += len(name) + len(value) + 4
            if name == b"content-length":
                self.announced = int(value)
            elif name == b"transfer-encoding":
                chunked = True
                self._check_coding(value)
            elif name == b"connection" and b"close" in connection_options(value):
                self.keeps_alive = False
        self._check_head(size)
        self.until_close = self.announced is None and not chunked and exchange.status not in _BODILESS

    def _check_head(self, size: int) -> None:
        if size > self._max_head_bytes:
            raise UpstreamBroken("head of the answer too large")

    @staticmethod
    def _check_coding(value: bytes) -> None:
        if value.strip().lower() != b"chunked":
            raise UpstreamBroken("transfer coding not understood")
