"""Both neighbours of the gateway over real sockets: services that follow a script, and clients that count bytes."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.types import ASGIApp


@dataclass
class Message:
    """A request or an answer as it stood on the wire, header names in lower case."""

    start: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    @property
    def status(self) -> int:
        return int(self.start.split(" ")[1])

    @property
    def target(self) -> str:
        return self.start.split(" ")[1]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def header(self, name: str) -> str | None:
        values = self.all(name)
        assert len(values) < 2, f"{name} appears {len(values)} times"
        return values[0] if values else None


async def read_head(reader: asyncio.StreamReader) -> Message:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    pairs = [line.split(":", 1) for line in lines[1:]]
    return Message(lines[0], [(name.lower(), value.strip()) for name, value in pairs])


async def read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readuntil(b"\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


async def read_message(reader: asyncio.StreamReader, *, bodiless: bool = False) -> Message:
    message = await read_head(reader)
    length = message.header("content-length")
    if bodiless or " 204 " in message.start or " 304 " in message.start:
        return message
    if message.header("transfer-encoding") == "chunked":
        message.body = await read_chunks(reader)
    elif length is not None:
        message.body = await reader.readexactly(int(length))
    return message


@dataclass
class Line:
    """A connection as one end sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def read(self, *, bodiless: bool = False) -> Message:
        return await read_message(self.reader, bodiless=bodiless)

    def close(self) -> None:
        self.writer.close()

    def abort(self) -> None:
        self.writer.transport.abort()

    async def ask(self, method: str, path: str, *headers: str, body: bytes = b"") -> Message:
        lines = [f"{method} {path} HTTP/1.1", "Host: window.example", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        await self.write("\r\n".join([*lines, "", ""]).encode() + body)
        return await self.read(bodiless=method == "HEAD")


def answer(body: bytes = b"{}", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


Script = Callable[["Service", Line], Awaitable[None]]


@dataclass
class Service:
    """A service behind the gateway; its script is run once for each connection."""

    script: Script
    port: int = 0
    lines: list[Line] = field(default_factory=list)
    requests: list[Message] = field(default_factory=list)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer)
        self.lines.append(line)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self.script(self, line)
        writer.close()

    async def request(self, line: Line) -> Message:
        """The next request on this connection."""
        message = await line.read()
        self.requests.append(message)
        return message

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["Service"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        for line in self.lines:
            line.abort()
        await asyncio.sleep(0)


async def polite(service: Service, line: Line) -> None:
    """Answers everything, with what was asked."""
    while True:
        request = await service.request(line)
        body = request.body or request.target.encode()
        await line.write(answer(body, "Content-Type: text/plain"))


def replying(*replies: bytes) -> Script:
    """Answers each request of a connection with the next of these bytes, then closes."""

    async def script(service: Service, line: Line) -> None:
        for reply in replies:
            await service.request(line)
            await line.write(reply)

    return script


async def silent(service: Service, line: Line) -> None:
    """Reads and never answers."""
    await service.request(line)
    await line.reader.read()


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[int]:
    """The application on a real server; gives its port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    settings: dict[str, Any] = {"http": "httptools", "ws": "none", "lifespan": "on", "proxy_headers": False}
    config = uvicorn.Config(app, log_config=None, **settings)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup([listener])
    try:
        yield listener.getsockname()[1]
    finally:
        for each in server.servers:
            each.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await server.lifespan.shutdown()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened, which it will soon."""
    async with asyncio.timeout(2):
        while not condition():  # noqa: ASYNC110  the other end of a socket sets no event
            await asyncio.sleep(0.002)
