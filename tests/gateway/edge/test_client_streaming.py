"""Large bodies pass in both directions without being held."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.edge.conftest import OpenService, OpenUpstream
from gateway.edge.peers import Line, Service, answer, polite, read_head, until
from onewindow_gateway.edge import BodyStream, UnsendableRequest, UpstreamBroken, UpstreamTimeout

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024
LARGE = 20 * MIB


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def large(service: Service, line: Line) -> None:
    await service.request(line)
    line.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE)
    for _ in range(LARGE // MIB):
        await line.write(b"x" * MIB)
        service.requests[0].body += b"m"
    await polite(service, line)


async def test_a_slow_reader_slows_the_service_down(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(large)
    upstream = open_upstream(service.port)
    response = await upstream.send("GET", b"/", [], b"")
    await asyncio.sleep(0.02)
    assert response.whole is None
    assert response.size < MIB, "what is held is bounded"
    assert len(service.requests[0].body) < 15, "the service cannot write on"
    assert sum([len(piece) async for piece in response]) == LARGE
    assert (await upstream.send("GET", b"/after", [], b"")).whole == b"/after"
    assert len(service.lines) == 1


async def test_a_reader_that_rests_is_not_the_services_fault(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(large)
    response = await open_upstream(service.port, between_bytes_timeout=0.02).send("GET", b"/", [], b"")
    await asyncio.sleep(0.06)
    assert sum([len(piece) async for piece in response]) == LARGE


async def test_giving_up_an_answer_closes_its_connection(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(large)
    response = await open_upstream(service.port).send("GET", b"/", [], b"")
    response.close()
    await until(lambda: service.lines[0].writer.is_closing() or service.lines[0].reader.at_eof())


async def test_a_service_that_stalls_in_the_middle_runs_out_of_time(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    async def stalls(service: Service, line: Line) -> None:
        await service.request(line)
        await line.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\nbegin")
        await line.reader.read()

    service = await open_service(stalls)
    response = await open_upstream(service.port).send("GET", b"/", [], b"")
    with pytest.raises(UpstreamTimeout):
        [piece async for piece in response]


async def test_a_service_that_dies_in_the_middle_is_noticed(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    async def dies(service: Service, line: Line) -> None:
        await service.request(line)
        await line.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")

    service = await open_service(dies)
    response = await open_upstream(service.port).send("GET", b"/", [], b"")
    with pytest.raises(UpstreamBroken):
        [piece async for piece in response]


async def test_a_body_of_unknown_length_goes_in_chunks(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service()
    body = BodyStream(pieces(b"ab", b"", b"c"), None)
    response = await open_upstream(service.port).send("POST", b"/", [], body)
    assert response.whole == b"abc"
    assert service.requests[0].header("transfer-encoding") == "chunked"
    assert service.requests[0].header("content-length") is None


async def test_a_body_of_known_length_goes_as_it_is(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service()
    upstream = open_upstream(service.port)
    for _ in range(2):
        assert (await upstream.send("POST", b"/", [], BodyStream(pieces(b"ab", b"c"), 3))).whole == b"abc"
    assert service.requests[0].header("content-length") == "3"
    assert len(service.lines) == 1


@pytest.mark.parametrize("length", [2, 4])
async def test_a_body_that_breaks_its_promise_ends_the_connection(
    open_service: OpenService, open_upstream: OpenUpstream, length: int
) -> None:
    service = await open_service()
    with pytest.raises(UnsendableRequest):
        await open_upstream(service.port).send("POST", b"/", [], BodyStream(pieces(b"ab", b"c"), length))
    await until(service.lines[0].writer.is_closing)


async def test_the_body_waits_while_the_service_does_not_read(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    written = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal written
        while True:
            written += 1
            yield b"x" * MIB

    async def never_reads(service: Service, line: Line) -> None:
        await read_head(line.reader)
        await asyncio.sleep(1)

    service = await open_service(never_reads)
    with pytest.raises(UpstreamTimeout):
        await open_upstream(service.port).send("POST", b"/", [], BodyStream(endless(), None))
    assert written < 15


async def test_an_early_answer_ends_the_sending(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65536

    async def refuses(service: Service, line: Line) -> None:
        await read_head(line.reader)
        await line.write(answer(b"no", status="401 Unauthorized"))
        await line.reader.read()

    service = await open_service(refuses)
    upstream = open_upstream(service.port)
    response = await upstream.send("POST", b"/", [], BodyStream(endless(), None))
    assert (response.status, response.whole) == (401, b"no")
    await until(service.lines[0].writer.is_closing)


async def test_a_request_nobody_waits_for_is_taken_back(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    async def waits(service: Service, line: Line) -> None:
        await service.request(line)
        await line.reader.read()

    service = await open_service(waits)
    task = asyncio.create_task(open_upstream(service.port, head_timeout=5).send("GET", b"/", [], b""))
    await until(lambda: bool(service.requests))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(service.lines[0].writer.is_closing)
