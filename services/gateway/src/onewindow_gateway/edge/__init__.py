"""The gateway's edge: one ASGI layer for request ids, tokens, limits and forwarding.

`Edge` goes around the gateway's own application; each service behind it is an `Upstream`, such as
`HttpUpstream`. Nothing here knows accounts, keys or settings files: the rest of the gateway passes in
how a token is checked, what has been revoked, and the limits.
"""

from .client import HttpUpstream
from .edge import Edge
from .limiting import LimitPolicy
from .ports import (
    BodyStream,
    Claims,
    Headers,
    Revoked,
    TokenCheck,
    TokenRefused,
    UnsendableRequest,
    Upstream,
    UpstreamBroken,
    UpstreamError,
    UpstreamResponse,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from .settings import EdgeSettings, KeepPolicy, UpstreamSettings

__all__ = [
    "BodyStream",
    "Claims",
    "Edge",
    "EdgeSettings",
    "Headers",
    "HttpUpstream",
    "KeepPolicy",
    "LimitPolicy",
    "Revoked",
    "TokenCheck",
    "TokenRefused",
    "UnsendableRequest",
    "Upstream",
    "UpstreamBroken",
    "UpstreamError",
    "UpstreamResponse",
    "UpstreamSettings",
    "UpstreamTimeout",
    "UpstreamUnavailable",
]
