"""The socket gives nobody an endless head or an endless wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from onewindow_shared.plumbing import listening
from onewindow_shared.plumbing.listening import BoundedProtocol


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@asynccontextmanager
async def _served() -> AsyncIterator[int]:
    app = Starlette(routes=[Route("/", _echo, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http=BoundedProtocol, log_config=None, lifespan="off")
    )
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


async def _say(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_an_endless_header_is_answered_431() -> None:
    async with _served() as port:
        answer = await _say(port, b"POST / HTTP/1.1\r\nHost: x\r\nX-A: ", b"a" * (listening.HEAD_BYTES + 1))
    assert answer.startswith(b"HTTP/1.1 431")
    assert b"application/problem+json" in answer


async def test_a_large_body_is_not_taken_for_a_head() -> None:
    body = b"b" * (4 * listening.HEAD_BYTES)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with _served() as port:
        answer = await _say(port, head + body)
    assert answer.endswith(str(len(body)).encode())


async def test_a_slow_head_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "HEAD_SECONDS", 0.05)
    async with _served() as port:
        assert await _say(port, b"POST / HTTP/1.1\r\nX-") == b""


async def test_requests_on_one_connection_each_have_a_head_of_their_own() -> None:
    padding = b"X-A: " + b"a" * (listening.HEAD_BYTES * 2 // 3) + b"\r\n"
    one = b"POST / HTTP/1.1\r\nHost: x\r\n" + padding + b"Content-Length: 2\r\n\r\nab"
    last = one.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n")
    async with _served() as port:
        answer = await _say(port, one, last)
    assert answer.count(b"200 OK") == 2
