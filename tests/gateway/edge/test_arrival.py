"""What is read of a request, whatever server passed it on."""

import pytest

from onewindow_gateway.edge.addresses import TrustedProxies
from onewindow_gateway.edge.arrival import Arrival
from onewindow_gateway.edge.problems import Refusal


def arrival(*headers: tuple[bytes, bytes], **scope: object) -> Arrival:
    given = {"method": "POST", "path": "/定海", "headers": list(headers), "query_string": b"", **scope}
    return Arrival(given, TrustedProxies(()))


@pytest.mark.parametrize(
    ("headers", "length", "chunked"),
    [
        ([], 0, False),
        ([(b"content-length", b"12")], 12, False),
        ([(b"transfer-encoding", b"Chunked")], 0, True),
    ],
)
def test_the_length_of_the_body_is_read(
    headers: list[tuple[bytes, bytes]], length: int, chunked: bool
) -> None:
    request = arrival(*headers)
    request.check_framing()
    assert (request.length, request.chunked) == (length, chunked)


LENGTH, CODING = b"content-length", b"transfer-encoding"


@pytest.mark.parametrize(
    "headers",
    [
        [(LENGTH, b"3"), (CODING, b"chunked")],
        [(LENGTH, b"3"), (LENGTH, b"3")],
        [(CODING, b"chunked"), (CODING, b"chunked")],
        [(CODING, b"gzip, chunked")],
        [(LENGTH, b"-1")],
        [(LENGTH, b"0x10")],
        [(LENGTH, b"9" * 30)],
    ],
)
def test_a_length_that_can_be_read_in_two_ways_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(Refusal):
        arrival(*headers).check_framing()


def test_what_a_server_may_leave_out_is_made_up_for() -> None:
    request = arrival()
    assert request.target == b"/%E5%AE%9A%E6%B5%B7"
    assert (request.client, request.scheme, request.host) == ("", "http", b"")


def test_the_first_of_several_headers_counts_and_an_odd_host_does_not() -> None:
    request = arrival((b"host", b"a b"), (b"x-request-id", b"first-one"), (b"x-request-id", b"second-one"))
    assert request.request_id == "first-one"
    assert request.host == b""
