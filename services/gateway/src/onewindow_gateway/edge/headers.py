"""Which headers may cross the gateway, in each direction (RFC 9110 section 7.6.1)."""

import re
from collections.abc import Iterable

from .ports import Headers
from .settings import EdgeSettings

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authentication-info",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Headers about one connection, never passed on."""

NOT_FOR_CLIENTS = frozenset(
    {b"forwarded", b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"true-client-ip", b"x-request-id"}
)
"""Request headers in which a client could claim to be somebody else; `x-forwarded-*` too."""

NOT_FORWARDED = NOT_FOR_CLIENTS | HOP_BY_HOP | {b"host", b"content-length", b"expect", b"http2-settings"}
"""Request headers that the gateway drops or writes anew towards a service."""

SET_BY_SERVER = frozenset({b"date", b"server", b"x-request-id"})
"""Response headers that the gateway's own server writes."""

_TOKEN = re.compile(rb"[!#$%&'*+.^`|~0-9a-z-]+")
_PLAIN_CONNECTION = frozenset({b"keep-alive", b"close", b""})
_KNOWN_NAMES = 1024


class RequestFilter(dict[bytes, bool]):
    """Remembers for each header name of a request whether it goes on to a service.

    Names with an underscore are dropped: some servers read `x_forwarded_for` as `x-forwarded-for`.
    """

    def __init__(self, settings: EdgeSettings, dropped: frozenset[bytes]) -> None:
        super().__init__()
        self._names = dropped | {name.encode() for name in settings.internal_headers}
        self._prefixes = (b"x-forwarded-", *(prefix.encode() for prefix in settings.internal_prefixes))

    def __missing__(self, name: bytes) -> bool:
        passes = (
            bool(_TOKEN.fullmatch(name)) and name not in self._names and not name.startswith(self._prefixes)
        )
        if len(self) < _KNOWN_NAMES:
            self[name] = passes
        return passes

    def end_to_end(self, headers: Iterable[tuple[bytes, bytes]], connection: bytes | None) -> Headers:
        """The headers that go on; `connection` is the Connection header, whose names do not."""
        kept = [pair for pair in headers if self[pair[0]]]
        if connection is None or connection in _PLAIN_CONNECTION:
            return kept
        named = connection_options(connection)
        return [pair for pair in kept if pair[0] not in named]


def connection_options(value: bytes) -> frozenset[bytes]:
    """The names listed in a Connection header, lower case."""
    return frozenset(part.strip().lower() for part in value.split(b","))


_NOT_FROM_SERVICE = HOP_BY_HOP | SET_BY_SERVER


def response_headers(headers: Headers, *, bodiless: bool) -> Headers:
    """What of a service's response headers goes on to the client.

    `bodiless` (204, 304) also drops Content-Length, which there describes a body that is not sent.
    """
    dropped = _NOT_FROM_SERVICE
    connection = [value for name, value in headers if name == b"connection"]
    if connection:
        dropped = dropped | connection_options(b",".join(connection))
    if bodiless:
        dropped = dropped | {b"content-length"}
    return [pair for pair in headers if pair[0] not in dropped]
