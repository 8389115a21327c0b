"""Bodies through the gateway: in full, and never more than allowed."""

import asyncio
import json

import pytest

from gateway.edge.conftest import Gateway, OpenGateway, OpenService
from gateway.edge.peers import Line, Service, answer, polite, replying, until

pytestmark = pytest.mark.anyio

KIB = 1024
MIB = 1024 * KIB


@pytest.mark.parametrize("size", [1, 64 * KIB, 64 * KIB + 1, MIB])
async def test_a_body_within_the_limit_arrives(
    open_service: OpenService, open_gateway: OpenGateway, size: int
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    reply = await gateway.ask("POST", "/api/intake/v1", body=b"x" * size)
    assert len(reply.body) == size
    assert service.requests[0].header("content-length") == str(size)


async def test_a_chunked_body_arrives_in_chunks(open_service: OpenService, open_gateway: OpenGateway) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    await line.write(
        b"POST /api/intake/v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n"
    )
    await asyncio.sleep(0.005)
    await line.write(b"2\r\nde\r\n0\r\n\r\n")
    assert (await line.read()).body == b"abcde"
    assert service.requests[0].header("transfer-encoding") == "chunked"


async def test_a_client_that_asks_first_is_told_to_go_on(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    await line.write(
        b"POST /api/intake/v1 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    )
    assert (await line.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    await line.write(b"abc")
    assert (await line.read()).body == b"abc"


def assert_too_large(reply_status: int, body: bytes) -> None:
    assert reply_status == 413
    assert json.loads(body)["type"] == "urn:onewindow:problem:body-too-large"


@pytest.mark.parametrize("path", ["/api/intake/v1", "/auth/token"])
async def test_fifty_megabytes_get_a_clear_answer_and_the_connection_lives(
    open_service: OpenService, open_gateway: OpenGateway, path: str
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    reply = await line.ask("POST", path, body=b"x" * 50 * MIB)
    assert_too_large(reply.status, reply.body)
    assert not service.lines
    assert (await line.ask("GET", "/auth/after")).status == 200


async def send_chunks(line: Line, path: str, count: int) -> None:
    await line.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    for _ in range(count):
        await line.write(b"10000\r\n" + b"x" * 64 * KIB + b"\r\n")
    await line.write(b"0\r\n\r\n")


@pytest.mark.parametrize("path", ["/api/intake/v1", "/auth/token"])
async def test_chunks_beyond_the_limit_get_the_same_answer(
    open_service: OpenService, open_gateway: OpenGateway, path: str
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    await send_chunks(line, path, 200)
    reply = await line.read()
    assert_too_large(reply.status, reply.body)
    assert reply.header("connection") == "close"
    assert await line.reader.read() == b""
    assert not service.requests


async def test_the_rest_of_a_refused_body_is_read_for_a_short_time_only(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port}, drain_seconds=0.02, drain_bytes=MIB)
    line = await gateway.connect()
    await line.write(
        b"POST /api/intake/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\nand then nothing"
    )
    reply = await line.read()
    assert_too_large(reply.status, reply.body)
    assert await line.reader.read() == b""


async def test_a_client_that_asks_first_is_refused_before_it_sends(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    await line.write(
        b"POST /api/intake/v1 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 90000000\r\n\r\n"
    )
    reply = await line.read()
    assert_too_large(reply.status, reply.body)
    assert await line.reader.read() == b""


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 70000", b"Content-Length: 10", b"Transfer-Encoding: chunked"]
)
async def test_a_client_that_falls_silent_is_told(
    open_service: OpenService, open_gateway: OpenGateway, framing: bytes
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port}, client_body_timeout=0.02)
    line = await gateway.connect()
    await line.write(b"POST /api/intake/v1 HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n")
    reply = await line.read()
    assert reply.status == 408
    assert await line.reader.read() == b""


async def test_a_body_in_drops_is_not_waited_for_without_end(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port}, client_body_timeout=5, client_body_seconds=0.05)
    line = await gateway.connect()
    await line.write(b"POST /api/intake/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    reply = asyncio.create_task(line.read())
    while not reply.done():
        await line.write(b"x")
        await asyncio.sleep(0.01)
    assert reply.result().status == 408


async def test_twenty_megabytes_pass_to_a_slow_client_in_bounded_memory(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    written = 0

    async def large(service: Service, line: Line) -> None:
        nonlocal written
        await service.request(line)
        await line.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (20 * MIB))
        for _ in range(80):
            await line.write(b"x" * 256 * KIB)
            written += 256 * KIB
        await polite(service, line)

    service = await open_service(large)
    gateway = await open_gateway({"intake": service.port}, upstream={"between_bytes_timeout": 5})
    line = await slow_line(gateway)
    await line.write(b"GET /api/intake/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
    await asyncio.sleep(0.05)
    assert written < 15 * MIB
    assert len((await line.read()).body) == 20 * MIB


async def slow_line(gateway: Gateway) -> Line:
    """A connection that takes little ahead of what is read."""
    line = Line(*await asyncio.open_connection("127.0.0.1", gateway.port, limit=KIB))
    gateway.stack.callback(line.abort)
    return line


async def test_a_client_that_never_reads_is_let_go(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    async def endless(service: Service, line: Line) -> None:
        await service.request(line)
        await line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            await line.write(b"10000\r\n" + b"x" * 64 * KIB + b"\r\n")

    service = await open_service(endless)
    gateway = await open_gateway({"intake": service.port}, client_read_timeout=0.05)
    line = await slow_line(gateway)
    await line.write(b"GET /api/intake/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
    await until(lambda: bool(service.lines) and service.lines[0].writer.is_closing())


async def upload(line: Line, path: str) -> None:
    await send_chunks(line, path, 200)
    await line.read()


async def test_an_own_route_that_answers_before_reading_cannot_be_answered_twice(
    open_gateway: OpenGateway,
) -> None:
    gateway = await open_gateway({})
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await upload(await gateway.connect(), "/auth/early")


@pytest.mark.parametrize(
    ("method", "reply"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1300\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 1300\r\n\r\n'),
    ],
)
async def test_an_answer_without_body_keeps_the_clients_connection(
    open_service: OpenService, open_gateway: OpenGateway, method: str, reply: bytes
) -> None:
    service = await open_service(replying(reply, answer(b"next")))
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    assert (await line.ask(method, "/api/intake/v1")).status in (200, 204, 304)
    assert (await line.ask("GET", "/api/intake/v1")).body == b"next"
    assert len(service.lines) == 1
