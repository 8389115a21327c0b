"""Who is counted by which policy, and what is said about it."""

import pytest

from onewindow_gateway.edge import LimitPolicy
from onewindow_gateway.edge.counters import Counters
from onewindow_gateway.edge.limiting import Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


POLICIES = [
    LimitPolicy("default", 2, 60),
    LimitPolicy("account", 3, 60, key="account"),
    LimitPolicy("sign-in", 1, 600, prefix="/auth/", methods=frozenset({"POST"}), everyone=True),
]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock: Clock) -> Limiter:
    return Limiter(POLICIES, clock)


def admitted(
    limiter: Limiter, times: int, method: str, path: str, client: str, account: str | None = None
) -> int:
    return sum(limiter.admit(method, path, client, account)[1] is None for _ in range(times))


def test_an_address_gets_its_amount_and_no_more(limiter: Limiter) -> None:
    assert admitted(limiter, 5, "GET", "/x", "203.0.113.7") == 2
    assert admitted(limiter, 5, "GET", "/x", "203.0.113.8") == 2


def test_a_window_that_is_over_starts_anew(limiter: Limiter, clock: Clock) -> None:
    assert admitted(limiter, 5, "GET", "/x", "203.0.113.7") == 2
    clock.now += 60
    assert admitted(limiter, 5, "GET", "/x", "203.0.113.7") == 2


def test_colleagues_behind_one_address_do_not_share_a_limit(limiter: Limiter) -> None:
    assert admitted(limiter, 5, "GET", "/x", "203.0.113.7", "clerk-1") == 3
    assert admitted(limiter, 5, "GET", "/x", "203.0.113.7", "clerk-2") == 3


def test_an_account_cannot_evade_by_changing_address(limiter: Limiter) -> None:
    assert admitted(limiter, 2, "GET", "/x", "203.0.113.7", "clerk-1") == 2
    assert admitted(limiter, 5, "GET", "/x", "203.0.113.8", "clerk-1") == 1


def test_a_policy_for_everyone_counts_signed_in_requests_too(limiter: Limiter) -> None:
    assert admitted(limiter, 2, "POST", "/auth/otp", "203.0.113.7", "clerk-1") == 1
    assert admitted(limiter, 1, "GET", "/auth/otp", "203.0.113.9") == 1


def test_the_headers_name_policy_rest_and_time(limiter: Limiter, clock: Clock) -> None:
    limiter.admit("GET", "/x", "203.0.113.7", None)
    clock.now += 20.5
    headers, refusal = limiter.admit("GET", "/x", "203.0.113.7", None)
    assert refusal is None
    assert dict(headers) == {b"ratelimit-policy": b'"default";q=2;w=60', b"ratelimit": b'"default";r=0;t=40'}


def test_a_refusal_says_when_to_come_back(limiter: Limiter) -> None:
    _, _ = limiter.admit("POST", "/auth/otp", "203.0.113.7", None)
    headers, refusal = limiter.admit("POST", "/auth/otp", "203.0.113.7", None)
    assert refusal is not None
    assert (refusal.status, dict(refusal.headers)[b"retry-after"]) == (429, b"600")
    assert dict(headers)[b"ratelimit"] == b'"default";r=0;t=60, "sign-in";r=0;t=600'


def test_without_a_policy_nothing_is_said() -> None:
    assert Limiter([]).admit("GET", "/x", "203.0.113.7", None) == ([], None)


@pytest.mark.parametrize(
    ("name", "amount", "window"), [("Bad", 1, 1), ('a"', 1, 1), ("a", 0, 1), ("a", 1, 0)]
)
def test_a_policy_must_make_sense(name: str, amount: int, window: int) -> None:
    with pytest.raises(ValueError):
        LimitPolicy(name, amount, window)


def test_counters_of_the_past_are_forgotten(clock: Clock) -> None:
    counters = Counters(5, clock)
    for number in range(100):
        counters.add(f"client-{number}")
    clock.now += 20
    counters.add("client-new")
    assert len(counters) == 1
