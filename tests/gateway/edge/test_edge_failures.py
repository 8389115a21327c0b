"""A service that is down, slow or dying hurts its own routes only, and the client is told plainly."""

import asyncio
import json
import time

import pytest

from gateway.edge.conftest import OpenGateway, OpenService
from gateway.edge.peers import Line, Message, Service, answer, free_port, polite, silent, until

pytestmark = pytest.mark.anyio


def assert_problem(reply: Message, status: int, kind: str) -> None:
    assert reply.status == status
    assert reply.header("content-type") == "application/problem+json"
    assert json.loads(reply.body)["type"] == f"urn:onewindow:problem:{kind}"
    assert json.loads(reply.body)["status"] == status
    assert int(reply.header("retry-after") or 0) >= 1
    assert reply.header("x-request-id")


async def test_a_service_that_is_down_gives_503_at_once(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    other = await open_service()
    gateway = await open_gateway({"intake": free_port(), "casework": other.port})
    begin = time.monotonic()
    for _ in range(8):
        assert_problem(await gateway.ask("GET", "/api/intake/v1?phone=138"), 503, "service-unavailable")
    assert time.monotonic() - begin < 0.5
    assert (await gateway.ask("GET", "/api/casework/v1")).status == 200


async def test_it_serves_again_soon_after_the_service_is_back(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    port = free_port()
    gateway = await open_gateway({"intake": port}, upstream={"breaker_failures": 2, "breaker_seconds": 0.02})
    for _ in range(4):
        assert (await gateway.ask("POST", "/api/intake/v1", body=b"x")).status == 503
    await open_service(polite, port)
    await asyncio.sleep(0.03)
    assert (await gateway.ask("POST", "/api/intake/v1", body=b"x")).status == 200


async def test_a_slow_service_gives_504_while_others_stay_quick(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    slow, quick = await open_service(silent), await open_service()
    gateway = await open_gateway(
        {"intake": slow.port, "casework": quick.port}, upstream={"max_connections": 4, "wait_timeout": 0.5}
    )
    waiting = [asyncio.create_task(gateway.ask("GET", "/api/intake/v1")) for _ in range(8)]
    await until(lambda: len(slow.requests) == 4)
    begin = time.monotonic()
    for _ in range(5):
        assert (await gateway.ask("GET", "/api/casework/v1")).status == 200
    assert time.monotonic() - begin < 0.09, "before the first time-out of the slow one"
    for reply in await asyncio.gather(*waiting):
        assert_problem(reply, 504, "service-timeout")


async def test_when_all_connections_are_busy_for_long_the_answer_is_503(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service(silent)
    gateway = await open_gateway(
        {"intake": service.port}, upstream={"max_connections": 1, "wait_timeout": 0.02}
    )
    first = asyncio.create_task(gateway.ask("GET", "/api/intake/v1"))
    await until(lambda: bool(service.requests))
    assert_problem(await gateway.ask("GET", "/api/intake/v1"), 503, "service-unavailable")
    await first


async def test_a_service_that_breaks_off_before_answering_gives_502(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    async def dies(service: Service, line: Line) -> None:
        await service.request(line)
        line.abort()

    service = await open_service(dies)
    gateway = await open_gateway({"intake": service.port})
    assert_problem(await gateway.ask("POST", "/api/intake/v1", body=b"x"), 502, "service-broken")
    assert len(service.requests) == 1


@pytest.mark.parametrize("framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
async def test_a_service_that_dies_midway_leaves_a_visibly_broken_answer(
    open_service: OpenService, open_gateway: OpenGateway, framing: bytes
) -> None:
    async def dies(service: Service, line: Line) -> None:
        await service.request(line)
        await line.write(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n5\r\nhello\r\n")
        await asyncio.sleep(0.01)

    service = await open_service(dies)
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    with pytest.raises(asyncio.IncompleteReadError):
        await line.ask("GET", "/api/intake/v1")


async def test_a_client_that_leaves_frees_the_service(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service(silent)
    gateway = await open_gateway({"intake": service.port}, upstream={"head_timeout": 30})
    line = await gateway.connect()
    await line.write(b"GET /api/intake/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
    await until(lambda: bool(service.requests))
    line.abort()
    await until(service.lines[0].writer.is_closing)


async def test_a_client_that_leaves_in_the_middle_of_its_body_frees_the_service(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    service = await open_service()
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    await line.write(b"POST /api/intake/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nbegin")
    await until(lambda: bool(service.lines))
    line.abort()
    await until(service.lines[0].writer.is_closing)
    assert not service.requests


async def test_a_client_that_leaves_in_the_middle_of_an_endless_answer_frees_the_service(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    async def ticks(service: Service, line: Line) -> None:
        await service.request(line)
        await line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            await line.write(b"4\r\ntick\r\n")
            await asyncio.sleep(0.005)

    service = await open_service(ticks)
    gateway = await open_gateway({"intake": service.port})
    line = await gateway.connect()
    await line.write(b"GET /api/intake/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"tick" in await line.reader.readuntil(b"tick")
    line.abort()
    await until(service.lines[0].writer.is_closing)


async def test_a_slow_answer_with_a_patient_client_arrives(
    open_service: OpenService, open_gateway: OpenGateway
) -> None:
    async def slow(service: Service, line: Line) -> None:
        await service.request(line)
        await asyncio.sleep(0.08)
        await line.write(answer(b"at last"))
        await polite(service, line)

    service = await open_service(slow)
    gateway = await open_gateway({"intake": service.port}, upstream={"head_timeout": 2})
    line = await gateway.connect()
    assert (await line.ask("GET", "/api/intake/v1")).body == b"at last"
    assert (await line.ask("GET", "/api/intake/again")).status == 200


async def test_events_pass_as_they_come(open_service: OpenService, open_gateway: OpenGateway) -> None:
    async def events(service: Service, line: Line) -> None:
        await service.request(line)
        await line.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        await line.write(b"9\r\ndata: 1\n\n\r\n")
        await line.reader.read()

    service = await open_service(events)
    gateway = await open_gateway({"intake": service.port}, upstream={"between_bytes_timeout": 2})
    line = await gateway.connect()
    await line.write(b"GET /api/intake/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
    async with asyncio.timeout(1):
        assert await line.reader.readuntil(b"data: 1\n\n")
    line.abort()
