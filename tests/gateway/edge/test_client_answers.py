"""Every form an answer may have is read rightly, and every other is refused."""

import pytest

from gateway.edge.conftest import OpenService, OpenUpstream
from gateway.edge.peers import Line, Service, answer, replying
from onewindow_gateway.edge import HttpUpstream, UpstreamBroken

pytestmark = pytest.mark.anyio

NO_BODY = [
    ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1300\r\n\r\n"),
    ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
    ("GET", b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 1300\r\n\r\n'),
    ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
]


@pytest.mark.parametrize(("method", "reply"), NO_BODY)
async def test_an_answer_without_body_leaves_the_connection_in_order(
    open_service: OpenService, open_upstream: OpenUpstream, method: str, reply: bytes
) -> None:
    service = await open_service(replying(reply, reply, answer(b"next")))
    upstream = open_upstream(service.port)
    for _ in range(2):
        assert (await upstream.send(method, b"/", [], b"")).whole == b""
    assert (await upstream.send("GET", b"/", [], b"")).whole == b"next"
    assert len(service.lines) == 1


async def test_informational_answers_are_skipped(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    service = await open_service(replying(early + answer(b"real", "X-A: b")))
    response = await open_upstream(service.port).send("GET", b"/", [], b"")
    assert (response.status, response.whole) == (200, b"real")
    assert b"link" not in dict(response.headers)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n"


async def test_chunks_are_joined_and_trailers_left_behind(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(replying(CHUNKED, CHUNKED))
    upstream = open_upstream(service.port)
    for _ in range(2):
        response = await upstream.send("GET", b"/", [], b"")
        assert response.whole == b"abcde"
        assert b"x-sum" not in dict(response.headers)
    assert len(service.lines) == 1


async def test_without_a_length_the_body_ends_with_the_connection(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(replying(b"HTTP/1.1 200 OK\r\n\r\nall of it"))
    response = await open_upstream(service.port).send("GET", b"/", [], b"")
    assert b"".join([piece async for piece in response]) == b"all of it"


async def test_a_small_answer_in_pieces_comes_whole(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    async def stutter(service: Service, line: Line) -> None:
        await service.request(line)
        for byte in answer(b"stutter"):
            await line.write(bytes([byte]))

    service = await open_service(stutter)
    assert (await open_upstream(service.port).send("GET", b"/", [], b"")).whole == b"stutter"


NOT_ANSWERS = [
    b"HTTP/1.1 700 Odd\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n",
    b"SSH-2.0-OpenSSH\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
    b"HTTP/1.1 200 OK\r\nX-A: b\nX-B: c\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX-A: b\r\n folded\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX-A: b\0\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 8_000,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
]


async def read_all(upstream: HttpUpstream) -> list[bytes]:
    response = await upstream.send("GET", b"/", [], b"")
    return [piece async for piece in response]


@pytest.mark.parametrize("reply", NOT_ANSWERS, ids=range(len(NOT_ANSWERS)))
async def test_what_is_no_proper_answer_is_refused(
    open_service: OpenService, open_upstream: OpenUpstream, reply: bytes
) -> None:
    service = await open_service(replying(reply, b""))
    with pytest.raises(UpstreamBroken):
        await read_all(open_upstream(service.port))
