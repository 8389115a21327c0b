"""A request as it arrives: what the edge needs to know of it, read once."""

import os
import re
from urllib.parse import quote

from starlette.types import Scope

from .addresses import TrustedProxies
from .ports import Headers
from .problems import bad_framing

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_DIGITS = re.compile(rb"[0-9]{1,15}")
_HOST = re.compile(rb"[A-Za-z0-9.\-:\[\]_]{1,255}")


def new_request_id() -> str:
    """Return 128 random bits; `uuid4` takes fifteen times as long to make as many."""
    return os.urandom(16).hex()


class Arrival:
    """One request. `length` is None for a chunked body, 0 without a body."""

    __slots__ = (
        "chunked", "client", "first", "headers", "length", "method", "path", "raw_path", "request_id",
        "scheme", "scope",
    )  # fmt: skip

    def __init__(self, scope: Scope, proxies: TrustedProxies) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.raw_path: bytes = scope.get("raw_path") or quote(self.path).encode()
        self.headers: Headers = scope["headers"]
        self.first = dict(reversed(self.headers)) if len(self.headers) > 1 else dict(self.headers)
        self.request_id = self._request_id()
        peer = scope.get("client")
        self.client: str = peer[0] if peer else ""
        self.scheme: str = scope.get("scheme", "http")
        if self.client in proxies:
            self._believe(proxies)
        self.chunked = b"transfer-encoding" in self.first
        self.length = 0

    def all(self, name: bytes) -> list[bytes]:
        """Every value of a header."""
        if name not in self.first:
            return []
        return [value for key, value in self.headers if key == name]

    @property
    def target(self) -> bytes:
        """Path and query exactly as they came."""
        query: bytes = self.scope["query_string"]
        return self.raw_path + b"?" + query if query else self.raw_path

    @property
    def host(self) -> bytes:
        """The Host header, empty when absent or odd."""
        value = self.first.get(b"host", b"")
        return value if _HOST.fullmatch(value) else b""

    def check_framing(self) -> None:
        """Learn the body's length. Raises `Refusal` when it can be read in two ways."""
        announced = self.all(b"content-length")
        if self.chunked:
            if announced or [value.lower() for value in self.all(b"transfer-encoding")] != [b"chunked"]:
                raise bad_framing()
        elif announced:
            if len(announced) > 1 or not _DIGITS.fullmatch(announced[0]):
                raise bad_framing()
            self.length = int(announced[0])

    def _request_id(self) -> str:
        given = self.first.get(b"x-request-id")
        if given is not None and REQUEST_ID.fullmatch(given):
            return str(given, "ascii")
        return new_request_id()

    def _believe(self, proxies: TrustedProxies) -> None:
        """Our own load balancer says who the client is."""
        self.client = proxies.client(self.client, self.all(b"x-forwarded-for"))
        scheme = self.first.get(b"x-forwarded-proto")
        if scheme in (b"http", b"https"):
            self.scheme = scheme.decode()
