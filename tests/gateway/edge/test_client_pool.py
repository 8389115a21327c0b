"""How many connections there are, who waits for one, and what happens when none can be had."""

import asyncio

import pytest

from gateway.edge.conftest import OpenService, OpenUpstream
from gateway.edge.peers import Line, Service, answer, free_port, polite, silent, until
from onewindow_gateway.edge import UpstreamSettings, UpstreamTimeout, UpstreamUnavailable
from onewindow_gateway.edge.client.pool import Pool

pytestmark = pytest.mark.anyio


async def gated(service: Service, line: Line) -> None:
    """Answers only after a while, so that requests overlap."""
    while True:
        await service.request(line)
        await asyncio.sleep(0.005)
        await line.write(answer(b"ok"))


async def test_requests_share_the_connections_allowed(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(gated)
    upstream = open_upstream(service.port, max_connections=2, wait_timeout=1)
    responses = await asyncio.gather(*(upstream.send("GET", b"/", [], b"") for _ in range(10)))
    assert {response.whole for response in responses} == {b"ok"}
    assert len(service.lines) == 2


async def test_whoever_waits_too_long_is_told(open_service: OpenService, open_upstream: OpenUpstream) -> None:
    service = await open_service(silent)
    upstream = open_upstream(service.port, max_connections=1, wait_timeout=0.02)
    results = await asyncio.gather(
        *(upstream.send("GET", b"/", [], b"") for _ in range(2)), return_exceptions=True
    )
    assert {type(result) for result in results} == {UpstreamUnavailable, UpstreamTimeout}


async def test_the_queue_is_bounded(open_service: OpenService, open_upstream: OpenUpstream) -> None:
    service = await open_service(silent)
    upstream = open_upstream(service.port, max_connections=1, max_waiters=1, wait_timeout=1)
    first = [asyncio.create_task(upstream.send("GET", b"/", [], b"")) for _ in range(2)]
    await until(lambda: bool(service.requests))
    with pytest.raises(UpstreamUnavailable, match="too many"):
        await upstream.send("GET", b"/", [], b"")
    await asyncio.gather(*first, return_exceptions=True)


async def test_a_waiter_that_leaves_takes_no_place(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(gated)
    upstream = open_upstream(service.port, max_connections=1, wait_timeout=1)
    tasks = [asyncio.create_task(upstream.send("GET", b"/", [], b"")) for _ in range(5)]
    await until(lambda: bool(service.requests))
    for task in tasks[1:3]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(3):
        assert (await upstream.send("GET", b"/", [], b"")).whole == b"ok"


async def test_a_place_lost_to_a_broken_connection_goes_to_the_next(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    async def first_breaks(service: Service, line: Line) -> None:
        if len(service.lines) == 1:
            await service.request(line)
            line.abort()
            return
        await polite(service, line)

    service = await open_service(first_breaks)
    upstream = open_upstream(service.port, max_connections=1, wait_timeout=1)
    results = await asyncio.gather(
        *(upstream.send("POST", b"/", [], b"x") for _ in range(3)), return_exceptions=True
    )
    assert [getattr(result, "status", None) for result in results] == [None, 200, 200]


async def test_a_service_that_is_down_is_reported_at_once_and_then_left_alone(
    open_upstream: OpenUpstream,
) -> None:
    upstream = open_upstream(free_port(), breaker_failures=3, breaker_seconds=60)
    for _ in range(3):
        with pytest.raises(UpstreamUnavailable, match="refused"):
            await upstream.send("GET", b"/", [], b"")
    with pytest.raises(UpstreamUnavailable, match="left alone") as caught:
        await upstream.send("GET", b"/", [], b"")
    assert caught.value.retry_after == 60


async def test_whoever_left_the_queue_takes_no_room_in_it(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(silent)
    upstream = open_upstream(
        service.port, max_connections=1, max_waiters=1, wait_timeout=0.01, head_timeout=5
    )
    first = asyncio.create_task(upstream.send("GET", b"/", [], b""))
    await until(lambda: bool(service.requests))
    for _ in range(3):
        with pytest.raises(UpstreamUnavailable, match="no free connection"):
            await upstream.send("GET", b"/", [], b"")
    first.cancel()


async def test_a_connection_that_closes_while_it_is_handed_over_is_not_used(
    open_service: OpenService,
) -> None:
    service = await open_service()
    pool = Pool("127.0.0.1", service.port, UpstreamSettings(max_connections=1), lambda: 0.0)
    connection = await pool.acquire()
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)
    pool.released(connection)
    connection.close()
    other = await waiting
    assert other is not connection
    pool.close()


async def test_a_service_that_comes_back_is_found_again(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    port = free_port()
    upstream = open_upstream(port, breaker_failures=2, breaker_seconds=0.03, max_connections=2)
    for _ in range(3):
        with pytest.raises(UpstreamUnavailable):
            await upstream.send("GET", b"/", [], b"")
    service = await open_service(polite, port)
    await asyncio.sleep(0.04)
    assert (await upstream.send("GET", b"/back", [], b"")).whole == b"/back"
    await asyncio.gather(*(upstream.send("GET", b"/", [], b"") for _ in range(4)))
    assert len(service.lines) == 2


async def test_a_silent_service_runs_out_of_time(
    open_service: OpenService, open_upstream: OpenUpstream
) -> None:
    service = await open_service(silent)
    with pytest.raises(UpstreamTimeout):
        await open_upstream(service.port, head_timeout=0.02).send("GET", b"/", [], b"")


async def test_after_closing_it_starts_anew(open_service: OpenService, open_upstream: OpenUpstream) -> None:
    service = await open_service()
    upstream = open_upstream(service.port)
    await upstream.send("GET", b"/", [], b"")
    await upstream.aclose()
    await until(service.lines[0].reader.at_eof)
    assert (await upstream.send("GET", b"/", [], b"")).status == 200
