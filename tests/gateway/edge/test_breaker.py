"""When a service is left alone."""

import pytest

from onewindow_gateway.edge import UpstreamUnavailable
from onewindow_gateway.edge.client.breaker import Breaker


@pytest.fixture
def now() -> list[float]:
    return [100.0]


@pytest.fixture
def breaker(now: list[float]) -> Breaker:
    return Breaker(2, 10, lambda: now[0])


def test_it_stays_closed_while_connections_come_now_and_then(breaker: Breaker) -> None:
    for _ in range(5):
        breaker.check()
        breaker.failed()
        breaker.check()
        breaker.succeeded()


def test_it_opens_after_failures_in_a_row(breaker: Breaker, now: list[float]) -> None:
    breaker.failed()
    breaker.failed()
    now[0] += 2.5
    with pytest.raises(UpstreamUnavailable) as caught:
        breaker.check()
    assert caught.value.retry_after == 8


def test_one_may_try_and_the_others_wait_for_the_outcome(breaker: Breaker, now: list[float]) -> None:
    breaker.failed()
    breaker.failed()
    now[0] += 11
    breaker.check()
    with pytest.raises(UpstreamUnavailable):
        breaker.check()
    breaker.succeeded()
    breaker.check()


def test_a_failed_try_keeps_it_open_for_as_long_again(breaker: Breaker, now: list[float]) -> None:
    breaker.failed()
    breaker.failed()
    now[0] += 11
    breaker.check()
    breaker.failed()
    with pytest.raises(UpstreamUnavailable) as caught:
        breaker.check()
    assert caught.value.retry_after == 10


def test_a_try_given_up_lets_the_next_one_try(breaker: Breaker, now: list[float]) -> None:
    breaker.failed()
    breaker.failed()
    now[0] += 11
    breaker.check()
    breaker.gave_up()
    breaker.check()
