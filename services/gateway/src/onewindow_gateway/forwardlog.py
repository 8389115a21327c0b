"""One log line for each request that the gateway's own application never sees: forwarded, or refused.

A line names the service, never the rest of the path; the request id is the one the service logs too.
"""

import time
from collections.abc import Collection
from typing import Protocol

import structlog
from starlette.types import Message, Receive, Scope, Send

from onewindow_gateway.edge.keeping import Answer
from onewindow_gateway.edge.ports import Headers

REACHED = "app"
"""The gateway's application leaves its mark in the scope; it logs its requests itself."""


class Edge(Protocol):
    """What it goes around."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def at_once(self, target: bytes, headers: Headers) -> Answer | None:
        """Return what a poll that is known is told; None for any other GET."""


class ForwardLog:
    """ASGI layer around the edge."""

    def __init__(self, edge: Edge, prefixes: Collection[str]) -> None:
        self._edge = edge
        self._prefixes = prefixes
        self._log = structlog.get_logger().bind()

    def at_once(self, target: bytes, headers: Headers) -> Answer | None:
        """Return what a poll that is known is told; None for any other GET."""
        told = self._edge.at_once(target, headers)
        if told is not None:
            self._log.info("told again", status=told[0], id=dict(told[1])[b"x-request-id"].decode())
        return told

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
                self._line(scope, status, (time.perf_counter() - started) * 1000)

    def _line(self, scope: Scope, status: int, milliseconds: float) -> None:
        path: str = scope["path"]
        route = next((f"{prefix}*" for prefix in self._prefixes if path.startswith(prefix)), "unrouted")
        level = self._log.error if status >= 500 else self._log.info
        level(
            "forwarded",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(milliseconds, 1),
            id=scope.get("state", {}).get("request_id", "-"),
        )
