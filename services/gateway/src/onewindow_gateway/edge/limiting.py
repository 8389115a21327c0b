"""Rate limits per client address and per account, with the standard headers.

Headers follow draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy: "default";q=100;w=60` and
`RateLimit: "default";r=50;t=30`. The windows are counted by `limits`.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil
from typing import Literal

from limits import RateLimitItemPerSecond
from limits.strategies import FixedWindowRateLimiter

from .counters import Counters
from .ports import Headers
from .problems import Refusal, too_many_requests

_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """At most `amount` requests in `window` seconds under a path prefix.

    `key="client"` counts by address (an IPv6 network of 64 bits is one client) and concerns requests
    without a valid token, with `everyone` all requests; `key="account"` counts signed-in requests.
    """

    name: str
    amount: int
    window: int
    key: Literal["client", "account"] = "client"
    prefix: str = "/"
    methods: frozenset[str] = frozenset()
    """Methods counted; empty for all."""
    everyone: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.amount < 1 or self.window < 1:
            raise ValueError("a policy needs a name in lower case, an amount and a window of at least 1")


class _Item(RateLimitItemPerSecond):
    """A limit whose keys are put together once, since this is on every request's way."""

    def __init__(self, policy: LimitPolicy) -> None:
        super().__init__(policy.amount, policy.window, f"{policy.name}/{policy.key}")

    def key_for(self, *identifiers: object) -> str:
        return f"{self.namespace}/{identifiers[0]}"


@dataclass(frozen=True, slots=True)
class _Rule:
    policy: LimitPolicy
    item: _Item
    announcement: bytes
    standing: bytes
    """Its item of the RateLimit header, to be filled with the rest and the seconds."""

    def concerns(self, method: str, path: str, *, signed_in: bool) -> bool:
        policy = self.policy
        if policy.key == "account":
            if not signed_in:
                return False
        elif signed_in and not policy.everyone:
            return False
        return (not policy.methods or method in policy.methods) and path.startswith(policy.prefix)


def _rule(policy: LimitPolicy) -> _Rule:
    announcement = f'"{policy.name}";q={policy.amount};w={policy.window}'.encode()
    return _Rule(policy, _Item(policy), announcement, f'"{policy.name}";r=%d;t=%d'.encode())


class Limiter:
    """Counts requests against every policy that concerns them."""

    def __init__(self, policies: Iterable[LimitPolicy], clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = [_rule(policy) for policy in policies]
        self._clock = clock
        self._counters = Counters(clock)
        self._windows = FixedWindowRateLimiter(self._counters)

    def admit(
        self, method: str, path: str, client: str, account: str | None
    ) -> tuple[Headers, Refusal | None]:
        """Count one request: the headers to answer with, and a refusal when a limit is used up.

        A request refused by one policy has been counted by those before it.
        """
        announced: list[bytes] = []
        standings: list[bytes] = []
        refusal = None
        for rule in self._rules:
            if not rule.concerns(method, path, signed_in=account is not None):
                continue
            who = client if rule.policy.key == "client" or account is None else account
            admitted = self._windows.hit(rule.item, who)
            count, reset = self._counters.standing(rule.item.key_for(who))
            seconds = max(1, ceil(reset - self._clock()))
            announced.append(rule.announcement)
            standings.append(rule.standing % (max(0, rule.policy.amount - count), seconds))
            if not admitted:
                refusal = too_many_requests(rule.policy.name, seconds)
                break
        return _headers(announced, standings), refusal


def _headers(announced: list[bytes], standings: list[bytes]) -> Headers:
    if not announced:
        return []
    return [(b"ratelimit-policy", b", ".join(announced)), (b"ratelimit", b", ".join(standings))]
