"""What the edge asks of others: a service behind it, a verified token, a revocation list."""

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple, Protocol

Headers = list[tuple[bytes, bytes]]
"""Header lines in order, names in lower case."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods without effect, which may be sent twice (RFC 9110 section 9.2.1; TRACE is never forwarded)."""


class BodyStream(NamedTuple):
    """A request body that is still arriving; `length` in bytes when announced."""

    chunks: AsyncIterator[bytes]
    length: int | None


class UpstreamResponse(Protocol):
    """The answer of a service: the head, then the body by iteration (once)."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Headers:
        """Without hop-by-hop headers."""

    @property
    def whole(self) -> bytes | None:
        """The entire body when it is already here; then iteration is not needed."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises `UpstreamError` when the body breaks off or stalls."""

    def close(self) -> None:
        """Give up the rest of the body, if any."""


class Upstream(Protocol):
    """One service as the edge sees it."""

    async def send(
        self, method: str, target: bytes, headers: Headers, body: bytes | BodyStream
    ) -> UpstreamResponse:
        """Send one request and return when the head of the answer is here.

        `headers` are end-to-end headers without Host and framing. Raises `UpstreamError`, or
        `UnsendableRequest` when a header or the target could not stand on one line.
        """

    async def aclose(self) -> None:
        """Close every connection."""


class UpstreamError(Exception):
    """The service gave no usable answer; `retry_after` in whole seconds."""

    def __init__(self, reason: str, retry_after: int = 1) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class UpstreamUnavailable(UpstreamError):
    """No connection could be had: refused, none free in time, or left alone after failures."""


class UpstreamTimeout(UpstreamError):
    """The service did not connect, answer or go on in time."""


class UpstreamBroken(UpstreamError):
    """The service broke off or did not speak HTTP."""


class UnsendableRequest(ValueError):
    """A request that must not be written to a connection, such as one with a line break in a header."""


class Claims(Protocol):
    """What a verified token says."""

    @property
    def subject(self) -> str:
        """The account."""


class TokenRefused(Exception):
    """The token is not valid; `reason` is shown to the client and must not quote the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


TokenCheck = Callable[[str], Claims]
"""Verifies a bearer token; quick, since called on the event loop (cache inside). Raises `TokenRefused`."""

Revoked = Callable[[Claims], bool]
"""Whether a token that verifies has been withdrawn since."""
