"""Carries a request to a service and the answer back."""

import asyncio

from starlette.types import Receive, Send

from .arrival import Arrival
from .bodies import ClientGone, read_body
from .headers import NOT_FORWARDED, RequestFilter, response_headers
from .ports import (
    BodyStream,
    Headers,
    UnsendableRequest,
    Upstream,
    UpstreamError,
    UpstreamResponse,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from .problems import Refusal, bad_headers, service_broken, service_slow, service_unavailable, slow_body
from .settings import EdgeSettings
from .watch import Ended, Visit, Watch

_BODILESS = frozenset({204, 304})


class Forwarder:
    """Forwards requests until `close`."""

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self._filter = RequestFilter(settings, NOT_FORWARDED)
        self._watch = Watch(settings)

    def close(self) -> None:
        self._watch.close()

    async def serve(
        self, arrival: Arrival, upstream: Upstream, receive: Receive, send: Send, extra: Headers
    ) -> None:
        """Raises `Refusal` while nothing was answered, `UpstreamError` when the answer broke off midway."""
        visit = self._watch.enter(receive)
        try:
            await self._carry(arrival, upstream, visit, receive, send, extra)
        except ClientGone:
            return
        except asyncio.CancelledError:
            if not _ended_by_edge(visit):
                raise
            if visit.ended is Ended.SILENT:
                raise slow_body() from None
        finally:
            self._watch.leave(visit)

    async def _carry(
        self, arrival: Arrival, upstream: Upstream, visit: Visit, receive: Receive, send: Send, extra: Headers
    ) -> None:
        body = await read_body(arrival, receive, self._settings, visit)
        response = await self._ask(arrival, upstream, body)
        status = response.status
        headers = response_headers(response.headers, bodiless=status in _BODILESS) + extra
        start = {"type": "http.response.start", "status": status, "headers": headers}
        whole = response.whole
        if whole is None:
            await _stream(response, start, visit, send)
        else:
            await send(start)
            await send({"type": "http.response.body", "body": whole})

    async def _ask(self, arrival: Arrival, upstream: Upstream, body: bytes | BodyStream) -> UpstreamResponse:
        try:
            return await upstream.send(arrival.method, arrival.target, self._headers(arrival), body)
        except UnsendableRequest as error:
            raise bad_headers() from error
        except UpstreamError as error:
            raise _refusal(error) from error

    def _headers(self, arrival: Arrival) -> Headers:
        """End-to-end headers, and what the gateway itself knows of the request."""
        headers = self._filter.end_to_end(arrival.headers, arrival.first.get(b"connection"))
        headers += (
            (b"x-request-id", arrival.request_id.encode()),
            (b"x-forwarded-for", arrival.client.encode()),
            (b"x-forwarded-proto", arrival.scheme.encode()),
            (b"x-forwarded-host", arrival.host),
        )
        return headers


async def _stream(response: UpstreamResponse, start: dict[str, object], visit: Visit, send: Send) -> None:
    try:
        await send(start)
        async for piece in response:
            visit.awaits_reader()
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            visit.goes_on()
        await send({"type": "http.response.body", "body": b""})
    finally:
        response.close()


def _ended_by_edge(visit: Visit) -> bool:
    """Whether the cancellation being handled is the watch's; then the task goes on and ends in peace."""
    task = asyncio.current_task()
    if visit.ended is None or task is None:
        return False
    task.uncancel()
    return True


def _refusal(error: UpstreamError) -> Refusal:
    if isinstance(error, UpstreamUnavailable):
        return service_unavailable(error.retry_after)
    if isinstance(error, UpstreamTimeout):
        return service_slow(error.retry_after)
    return service_broken(error.retry_after)
