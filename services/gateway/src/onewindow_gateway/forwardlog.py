"""One log line for each request that the gateway's own application never sees: forwarded, or refused.

A line names the service, never the rest of the path; the request id is the one the service logs too.
"""

import time
from collections.abc import Collection

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()
REACHED = "app"
"""The gateway's application leaves its mark in the scope; it logs its requests itself."""


class ForwardLog:
    """ASGI layer around the edge."""

    def __init__(self, edge: ASGIApp, prefixes: Collection[str]) -> None:
        self._edge = edge
        self._prefixes = prefixes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._edge(scope, receive, send)
            return
        status, started = 0, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._edge(scope, receive, answer)
        finally:
            if REACHED not in scope:
                self._log(scope, status, (time.perf_counter() - started) * 1000)

    def _log(self, scope: Scope, status: int, milliseconds: float) -> None:
        path: str = scope["path"]
        route = next((f"{prefix}*" for prefix in self._prefixes if path.startswith(prefix)), "unrouted")
        level = log.error if status >= 500 else log.info
        level(
            "forwarded",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(milliseconds, 1),
            id=scope.get("state", {}).get("request_id", "-"),
        )
