"""Serves the gateway's own routes behind the same door."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .arrival import Arrival
from .bodies import LimitedBody
from .headers import NOT_FOR_CLIENTS, RequestFilter
from .polls import Polls
from .ports import Claims, Headers
from .problems import Refusal, body_too_large
from .settings import EdgeSettings


class Local:
    """The wrapped application, with the client's claims about itself taken away."""

    def __init__(self, inner: ASGIApp, settings: EdgeSettings, polls: Polls | None) -> None:
        self._inner = inner
        self._polls = polls
        self._limit = settings.max_body_bytes
        self._filter = RequestFilter(settings, NOT_FOR_CLIENTS)

    async def serve(
        self, arrival: Arrival, caller: Claims | None, receive: Receive, send: Send, extra: Headers
    ) -> None:
        """Raises `Refusal` when the body is or becomes too large before an answer has begun."""
        if arrival.length > self._limit:
            raise body_too_large(self._limit)
        if (
            (polls := self._polls)
            and caller
            and polls.cover(arrival)
            and await polls.told(arrival, caller, self._cleaned(arrival), send, extra)
        ):
            return
        self._clean(arrival)
        if arrival.chunked:
            await self._serve_limited(arrival, receive, send, extra)
        else:
            await self._inner(arrival.scope, receive, _adding(send, extra))

    def _clean(self, arrival: Arrival) -> None:
        arrival.scope.update(self._cleaned(arrival))

    def _cleaned(self, arrival: Arrival) -> Scope:
        scope = arrival.scope
        headers = self._filter.end_to_end(arrival.headers, None)
        headers.append((b"x-request-id", arrival.request_id.encode()))
        port = scope["client"][1] if scope.get("client") else 0
        return {**scope, "headers": headers, "scheme": arrival.scheme, "client": (arrival.client, port)}

    async def _serve_limited(self, arrival: Arrival, receive: Receive, send: Send, extra: Headers) -> None:
        body = LimitedBody(receive, self._limit)
        started = False

        async def send_unless_exceeded(message: Message) -> None:
            nonlocal started
            if body.exceeded is None or started:
                started = True
                await send(message)

        try:
            await self._inner(arrival.scope, body, _adding(send_unless_exceeded, extra))
        except Refusal as refusal:
            if started:
                raise RuntimeError("the body grew too large after the answer had begun") from refusal
        if body.exceeded is not None and not started:
            raise body.exceeded


def _adding(send: Send, extra: Headers) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *extra]
        await send(message)

    return send_with_headers
