"""Connections to a service are kept, replaced when dead, and never trusted further than safe."""

import asyncio

import pytest

from gateway.edge.conftest import OpenService, OpenUpstream
from gateway.edge.peers import Line, Service, answer, polite, replying, until
from onewindow_gateway.edge import UnsendableRequest, UpstreamBroken

pytestmark = pytest.mark.anyio


async def test_one_connection_carries_many_requests(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service()
    upstream = open_upstream(service.port)
    bodies = [(await upstream.send("GET", b"/%d" % number, [], b"")).whole for number in range(5)]
    assert bodies == [b"/0", b"/1", b"/2", b"/3", b"/4"]
    assert len(service.lines) == 1


async def test_an_unused_connection_is_closed_after_its_time(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service()
    upstream = open_upstream(service.port, idle_expiry=0.02)
    await upstream.send("GET", b"/", [], b"")
    await until(service.lines[0].reader.at_eof)
    await upstream.send("GET", b"/", [], b"")
    assert len(service.lines) == 2


async def test_no_more_connections_rest_than_allowed(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service()
    upstream = open_upstream(service.port, max_idle=1)
    await asyncio.gather(*(upstream.send("GET", b"/", [], b"") for _ in range(3)))
    await until(lambda: sum(line.reader.at_eof() for line in service.lines) == 2)


async def dies_when_asked_again(service: Service, line: Line) -> None:
    """The first connection serves one request and swallows the next; later ones are polite."""
    if len(service.lines) > 1:
        await polite(service, line)
    await service.request(line)
    await line.write(answer())
    await service.request(line)
    line.abort()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_a_stale_connection_is_replaced_for_a_request_without_effect(
    open_service: OpenService, open_upstream: OpenUpstream, method: str
) -> None:
    service = await open_service(dies_when_asked_again)
    upstream = open_upstream(service.port)
    await upstream.send("GET", b"/first", [], b"")
    assert (await upstream.send(method, b"/second", [], b"")).status == 200
    assert [request.target for request in service.requests] == ["/first", "/second", "/second"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_request_with_effect_is_never_written_twice(
    open_service: OpenService, open_upstream: OpenUpstream, method: str
) -> None:
    service = await open_service(dies_when_asked_again)
    upstream = open_upstream(service.port)
    await upstream.send("GET", b"/first", [], b"")
    with pytest.raises(UpstreamBroken):
        await upstream.send(method, b"/second", [], b"x")
    assert [request.target for request in service.requests] == ["/first", "/second"]


async def test_a_connection_known_to_be_closed_is_not_used_even_for_a_post(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(replying(answer()))
    upstream = open_upstream(service.port)
    for _ in range(3):
        await upstream.send("POST", b"/", [], b"x")
        await asyncio.sleep(0.005)
    assert len(service.lines) == 3


async def test_a_fresh_connection_that_dies_is_not_tried_again(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(replying(b""))
    upstream = open_upstream(service.port)
    with pytest.raises(UpstreamBroken):
        await upstream.send("GET", b"/", [], b"")
    assert len(service.lines) == 1


async def test_an_answer_that_has_begun_is_not_asked_for_again(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(replying(answer(), b"HTTP/1.1 200 OK\r\nContent-Le"))
    upstream = open_upstream(service.port)
    await upstream.send("GET", b"/", [], b"")
    with pytest.raises(UpstreamBroken):
        await upstream.send("GET", b"/", [], b"")
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"x", "Connection: close"),
        answer(b"x", "Connection: x-a, Close"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
        answer(b"x") + b"more than announced",
        answer(b"x") + answer(b"unasked"),
    ],
)
async def test_a_connection_that_must_not_be_reused_is_not(
    open_service: OpenService, open_upstream: OpenUpstream, reply: bytes
) -> None:
    service = await open_service(replying(reply, reply))
    upstream = open_upstream(service.port)
    for _ in range(2):
        assert (await upstream.send("GET", b"/", [], b"")).whole == b"x"
    assert len(service.lines) == 2


async def test_bytes_nobody_asked_for_close_the_connection(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    async def chatty(service: Service, line: Line) -> None:
        await service.request(line)
        await line.write(answer(b"asked"))
        await asyncio.sleep(0.01)
        await line.write(answer(b"unasked"))
        await line.reader.read()

    service = await open_service(chatty)
    upstream = open_upstream(service.port)
    assert (await upstream.send("GET", b"/", [], b"")).whole == b"asked"
    await until(lambda: service.lines[0].reader.at_eof() or service.lines[0].reader.exception() is not None)
    assert (await upstream.send("GET", b"/", [], b"")).whole == b"asked"


HEADER_ATTACKS = [
    (b"x-note", b"one\r\nX-Role: admin"),
    (b"x-note", b"one\nX-Role: admin"),
    (b"x-note", b"one\rX-Role: admin"),
    (b"x-note", b"one\0"),
    (b"x note", b"one"),
    (b"x-note:", b"one"),
    (b"x-note\r\nx-role", b"admin"),
    (b"", b"one"),
]


@pytest.mark.parametrize("header", HEADER_ATTACKS)
async def test_a_header_that_leaves_its_line_is_not_sent(
    open_upstream: OpenUpstream, header: tuple[bytes, bytes]
) -> None:
    with pytest.raises(UnsendableRequest):
        await open_upstream(1).send("GET", b"/", [header], b"")


@pytest.mark.parametrize("target", [b"", b"x", b"/a b", b"/a\r\nHost: x", b"/a\x00", b"http://other/"])
async def test_a_target_that_leaves_its_place_is_not_sent(open_upstream: OpenUpstream, target: bytes) -> None:
    with pytest.raises(UnsendableRequest):
        await open_upstream(1).send("GET", target, [], b"")
