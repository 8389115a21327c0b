"""The layer in front of every route of the gateway.

One request passes, in this order: id, form of the request, route, token, rate limit, body limit; then it
is forwarded to a service or served by the gateway's own application. A poll that is known is told before all
that what is kept for it.
"""

import time
from collections.abc import Callable, Iterable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from .addresses import TrustedProxies, limit_key
from .arrival import Arrival
from .bodies import drain
from .forwarding import Forwarder
from .keeping import Answer
from .limiting import Limiter, LimitPolicy
from .local import Local
from .paths import Routes, is_plain
from .polls import Polls
from .ports import Claims, Headers, Revoked, TokenCheck, TokenRefused, Upstream
from .problems import Refusal, bad_path, method_not_allowed, send_head, send_problem, unauthorised
from .settings import EdgeSettings
from .tokens import Gate

_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


class Edge:
    """An ASGI application around `inner` that forwards the paths under `routes` (prefix to service)."""

    def __init__(
        self,
        inner: ASGIApp,
        routes: Mapping[str, Upstream],
        token_check: TokenCheck,
        revoked: Revoked,
        limiter_policies: Iterable[LimitPolicy],
        settings: EdgeSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings or EdgeSettings()
        self._inner = inner
        self._upstreams = list(routes.values())
        self._routes = Routes(routes)
        self._gate = Gate(token_check, revoked)
        self._limiter = Limiter(limiter_policies, clock)
        self._proxies = TrustedProxies(self._settings.trusted_proxies)
        self._forwarder = Forwarder(self._settings)
        keep = self._settings.keep
        self._polls = Polls(inner, keep, self._gate, self._limiter) if keep else None
        self._local = Local(inner, self._settings, self._polls)

    def at_once(self, target: bytes, headers: Headers) -> Answer | None:
        """Return what a poll that is known is told; None for any other GET."""
        return self._polls.at_once(target, headers) if self._polls else None

    async def shutdown(self) -> None:
        """Close the connections to every service."""
        self._forwarder.close()
        for upstream in self._upstreams:
            await upstream.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._serve(Arrival(scope, self._proxies), receive, send)
        elif scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stop after the wrapped application; connections are opened when first needed."""
        try:
            await self._inner(scope, receive, send)
        finally:
            await self.shutdown()

    async def _serve(self, arrival: Arrival, receive: Receive, send: Send) -> None:
        arrival.scope.setdefault("state", {})["request_id"] = arrival.request_id
        extra: Headers = [(b"x-request-id", arrival.request_id.encode())]
        try:
            arrival.check_framing()
            upstream = self._find(arrival)
            caller = self._caller(arrival, forwarded=upstream is not None, extra=extra)
            kept = upstream is None and self._keeps(arrival, caller)
            self._admit(arrival, caller.subject if caller else None, extra, kept=kept)
            if upstream is None:
                await self._local.serve(arrival, caller, receive, send, extra)
            else:
                await self._forwarder.serve(arrival, upstream, receive, send, extra)
        except Refusal as refusal:
            await self._refuse(arrival, refusal, receive, send, extra)

    def _find(self, arrival: Arrival) -> Upstream | None:
        upstream = self._routes.find(arrival.raw_path)
        if upstream is None:
            return None
        if not is_plain(arrival.raw_path):
            raise bad_path()
        if arrival.method not in _METHODS:
            raise method_not_allowed(", ".join(_METHODS))
        return upstream

    def _caller(self, arrival: Arrival, *, forwarded: bool, extra: Headers) -> Claims | None:
        """Whose request it is. A refused token ends a forwarded request, and counts against the client.

        The gateway's own routes judge tokens themselves: a refresh comes with one that has expired.
        """
        try:
            return self._gate.caller(arrival.all(b"authorization"))
        except TokenRefused as refused:
            if forwarded:
                self._admit(arrival, None, extra)
                raise unauthorised(refused.reason) from refused
            return None

    def _keeps(self, arrival: Arrival, caller: Claims | None) -> bool:
        return self._polls is not None and caller is not None and self._polls.keeps(arrival, caller)

    def _admit(self, arrival: Arrival, account: str | None, extra: Headers, *, kept: bool = False) -> None:
        headers, refusal = self._limiter.admit(
            arrival.method, arrival.path, limit_key(arrival.client), account, kept=kept
        )
        extra += headers
        if refusal is not None:
            raise refusal

    async def _refuse(
        self, arrival: Arrival, refusal: Refusal, receive: Receive, send: Send, extra: Headers
    ) -> None:
        """Answer; after 413 read on for a while, so that the client is not cut off while it still sends."""
        if refusal.status != 413:
            await send_problem(send, refusal, extra)
            return
        expects = b"expect" in arrival.first
        if arrival.chunked or expects or arrival.length > self._settings.drain_bytes:
            extra = [*extra, (b"connection", b"close")]
        body = await send_head(send, refusal, extra)
        await send({"type": "http.response.body", "body": body, "more_body": True})
        if not expects:
            await drain(receive, self._settings)
        await send({"type": "http.response.body", "body": b""})
