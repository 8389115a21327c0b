"""Pooled keep-alive HTTP/1.1 to one service, small because it is on every request's way.

`upstream` sends a request, `pool` owns the connections, `connection` reads and writes one of them,
`exchange` is one answer, `wire` is the form of a request in bytes, `breaker` leaves a dead service alone.
"""

from .upstream import HttpUpstream

__all__ = ["HttpUpstream"]
