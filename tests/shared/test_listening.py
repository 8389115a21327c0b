"""The socket gives nobody an endless head or an endless wait."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from onewindow_shared.plumbing import listening
from onewindow_shared.plumbing.listening import BoundedProtocol


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


class _Quick:
    """An application that knows the answer to `/known` at once."""

    def __init__(self) -> None:
        self._inner = Starlette(routes=[Route("/{rest:path}", _slow)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._inner(scope, receive, send)

    def at_once(
        self, target: bytes, headers: listening.Headers
    ) -> tuple[int, listening.Headers, bytes] | None:
        wanted = dict(headers).get(b"x-wanted", b"200")
        return (int(wanted), [(b"content-length", b"6")], b"known\n") if target == b"/known" else None


async def _slow(request: Request) -> PlainTextResponse:
    await asyncio.sleep(0.02)
    return PlainTextResponse(f"looked up {request.url.path}\n")


@asynccontextmanager
async def _served(app: ASGIApp | None = None, lifespan: Literal["on", "off"] = "off") -> AsyncIterator[int]:
    app = app or Starlette(routes=[Route("/", _echo, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=0, http=BoundedProtocol, log_config=None, lifespan=lifespan, proxy_headers=False
        )
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


def _get(path: bytes, *more: bytes, version: bytes = b"1.1") -> bytes:
    return b"\r\n".join([b"GET %s HTTP/%s" % (path, version), b"Host: x", *more, b"", b""])


LAST = b"Connection: close"


async def test_what_is_known_is_answered_at_once_and_the_connection_goes_on() -> None:
    async with _served(_Quick()) as port:
        answer = await _say(port, _get(b"/known"), _get(b"/known"), _get(b"/", LAST))
    head, first, second, rest = re.split(rb"(?:HTTP/1.1 200 OK\r\n)", answer)
    assert head == b""
    for told in (first, second):
        assert told.startswith(b"date: ")
        assert told.endswith(b"content-length: 6\r\n\r\nknown\n")
    assert b"looked up /" in rest


async def test_answers_keep_the_order_of_their_requests() -> None:
    several = [b"/a", b"/known", b"/b", b"/known"]
    async with _served(_Quick()) as port:
        answer = await _say(port, b"".join(_get(path) for path in several) + _get(b"/c", LAST))
    told = re.findall(rb"(?:looked up )?([a-z/]+)\n", answer.replace(b"\r\n", b" "))
    assert told == [b"/a", b"/known", b"/b", b"/known", b"/c"]


@pytest.mark.parametrize(
    "request_",
    [
        _get(b"/known", LAST),
        _get(b"/known", b"Connection: keep-alive", version=b"1.0"),
        _get(b"/known", LAST).replace(b"GET", b"HEAD"),
    ],
)
async def test_a_connection_that_ends_goes_the_whole_way(request_: bytes) -> None:
    async with _served(_Quick()) as port:
        answer = await _say(port, request_)
    assert b"connection: close" in answer


async def test_a_connection_that_was_only_answered_at_once_does_not_hold_up_the_end() -> None:
    async with _served(_Quick()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_get(b"/known"))
        assert await reader.readuntil(b"known\n")
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


async def test_an_answer_that_lasts_hears_that_the_server_stops() -> None:
    async def life(_: Starlette) -> AsyncIterator[dict[str, asyncio.Event]]:
        yield {listening.STOPPING: asyncio.Event()}

    async def lasting(request: Request) -> StreamingResponse:
        async def pieces() -> AsyncIterator[str]:
            yield "begun\n"
            await request.state.stopping.wait()
            yield "ended\n"

        return StreamingResponse(pieces())

    app = Starlette(routes=[Route("/", lasting)], lifespan=asynccontextmanager(life))
    async with _served(app, lifespan="on") as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_get(b"/"))
        await reader.readuntil(b"begun\n")
    assert b"ended\n" in await asyncio.wait_for(reader.read(), 5)
    writer.close()
