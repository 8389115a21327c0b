"""What an operator may set at the gateway's edge. Durations are seconds, sizes are bytes."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True)
class KeepPolicy:
    """Which answers are kept for so many seconds, and what callers have in common who are told the same.

    An answer is told for as long again while the next is made.
    """

    path: re.Pattern[str]
    seconds: float
    rights: Callable[[Any], Hashable]
    """Of the claims of a token."""


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Limits and trust of the layer in front of every route.

    The server must run without its own proxy-header handling (uvicorn: `proxy_headers=False`): who the
    client is gets decided here, from the peer's address and `trusted_proxies`.
    """

    max_body_bytes: int = MIB
    """Largest request body; above it the answer is 413."""

    larger_bodies: tuple[tuple[str, int], ...] = ()
    """Path prefixes of forwarded requests with a limit of their own; such bodies are streamed."""

    buffered_body_bytes: int = 64 * 1024
    """A body that announces at most this size is read whole before a connection to the service is taken."""

    drain_bytes: int = 64 * MIB
    """How much of a refused body is read and thrown away so that the client sees the answer."""

    drain_seconds: float = 5.0
    """How long a refused body is drained before the connection is closed."""

    client_body_timeout: float = 30.0
    """Longest silence of a client that is sending a body; then 408."""

    client_body_seconds: float = 120.0
    """Longest time for a whole body, so that nobody holds a connection by sending a byte now and then."""

    client_read_timeout: float = 60.0
    """Longest time a client may take to accept one piece of a streamed answer; then it is cut off."""

    watch_interval: float = 0.1
    """How often waiting requests are looked at for clients that left or fell silent."""

    keep: KeepPolicy | None = None
    """Answers of the gateway's own routes that are told again for a moment."""

    trusted_proxies: tuple[str, ...] = ()
    """Networks (CIDR) of our own load balancers, whose `X-Forwarded-For` and `-Proto` are believed."""

    internal_headers: frozenset[str] = frozenset()
    """Further header names that only the inside may set; dropped from requests, lower case."""

    internal_prefixes: tuple[str, ...] = ("x-onewindow-", "x-internal-")
    """Headers whose names start so are dropped from requests, lower case."""

    def most_bytes(self, path: str) -> int:
        """Return the limit of a request that is forwarded."""
        for prefix, limit in self.larger_bodies:
            if path.startswith(prefix):
                return limit
        return self.max_body_bytes


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """How the gateway holds its connections to one service."""

    max_connections: int = 128
    """Connections open at the same time, to this service only."""

    max_idle: int = 64
    """Connections kept open while nobody uses them."""

    max_waiters: int = 256
    """Requests that may wait for a free connection; one more gets 503 at once."""

    wait_timeout: float = 1.0
    """Longest wait for a free connection; then 503."""

    idle_expiry: float = 4.0
    """Age at which an unused connection is closed: below the service's own keep-alive (uvicorn: 5 s)."""

    connect_timeout: float = 1.0
    """Longest time to open a connection; then 504."""

    head_timeout: float = 15.0
    """Longest wait for the head of the answer once the request is written; then 504."""

    between_bytes_timeout: float = 15.0
    """Longest silence in the middle of an answer, or while the service does not take the request's bytes."""

    max_head_bytes: int = 64 * 1024
    """Largest status line and headers of an answer; above it 502."""

    buffer_bytes: int = 64 * 1024
    """An answer this short is sent on in one piece; of a longer one at most about this much is held."""

    breaker_failures: int = 5
    """Connection failures in a row after which the service is left alone."""

    breaker_seconds: float = 2.0
    """How long it is left alone before one request may try again."""

    retry_after: int = 2
    """`Retry-After` of 503 and 504 when nothing better is known, whole seconds."""
