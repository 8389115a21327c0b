"""The edge between scripted services and raw clients."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway.edge.peers import Line, Message, Script, Service, polite, serving
from onewindow_gateway.edge import (
    Edge,
    EdgeSettings,
    HttpUpstream,
    LimitPolicy,
    TokenRefused,
    Upstream,
    UpstreamSettings,
)

QUICK = UpstreamSettings(
    wait_timeout=0.05,
    idle_expiry=5,
    connect_timeout=0.5,
    head_timeout=0.1,
    between_bytes_timeout=0.1,
    breaker_seconds=0.05,
)


@pytest.fixture(params=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """The edge must behave the same on the loop of production and on the plain one."""
    return "asyncio", {"use_uvloop": request.param == "uvloop"}


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


OpenService = Callable[..., Awaitable[Service]]


@pytest.fixture
def open_service(stack: AsyncExitStack) -> OpenService:
    async def start(script: Script = polite, port: int = 0) -> Service:
        return await stack.enter_async_context(Service(script).running(port))

    return start


OpenUpstream = Callable[..., HttpUpstream]


@pytest.fixture
def open_upstream(stack: AsyncExitStack) -> OpenUpstream:
    def start(port: int, **changes: Any) -> HttpUpstream:
        upstream = HttpUpstream("127.0.0.1", port, replace(QUICK, **changes))
        stack.push_async_callback(upstream.aclose)
        return upstream

    return start


@dataclass(frozen=True)
class Account:
    subject: str


def check(token: str) -> Account:
    """Tokens of the form `good-NAME` are valid."""
    if not token.startswith("good-"):
        raise TokenRefused("expired")
    return Account(token.removeprefix("good-"))


def revoked(claims: Any) -> bool:
    return bool(claims.subject == "dismissed")


async def echo(request: Request) -> Response:
    """One of the gateway's own routes: says what it was told."""
    body = await request.body()
    state = request.state.request_id
    client = request.client.host if request.client else ""
    return JSONResponse(
        {
            "size": len(body),
            "id": state,
            "client": client,
            "headers": dict(request.headers),
            "scheme": request.url.scheme,
        }
    )


async def early(request: Request) -> Response:
    """One of the gateway's own routes: begins to answer before it reads."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"begin"
        yield await request.body()

    return StreamingResponse(parts())


@dataclass
class Gateway:
    port: int
    stack: AsyncExitStack

    async def connect(self) -> Line:
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port))
        self.stack.callback(line.close)
        return line

    async def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> Message:
        return await (await self.connect()).ask(method, path, *headers, body=body)


OpenGateway = Callable[..., Awaitable[Gateway]]


@pytest.fixture
def open_gateway(stack: AsyncExitStack) -> OpenGateway:
    async def start(
        services: dict[str, int],
        *policies: LimitPolicy,
        upstream: dict[str, Any] | None = None,
        clock: Callable[[], float] | None = None,
        **settings: Any,
    ) -> Gateway:
        quick = replace(QUICK, **(upstream or {}))
        routes: dict[str, Upstream] = {
            f"/api/{name}/": HttpUpstream("127.0.0.1", port, quick) for name, port in services.items()
        }
        own = [Route("/auth/early", early, methods=["POST"])]
        inner = Starlette(routes=[*own, Route("/auth/{rest:path}", echo, methods=["GET", "POST"])])
        extra = {"clock": clock} if clock else {}
        edge = Edge(
            inner,
            routes,
            check,
            revoked,
            policies,
            EdgeSettings(**{"watch_interval": 0.02, **settings}),
            **extra,
        )
        return Gateway(await stack.enter_async_context(serving(edge)), stack)

    return start
