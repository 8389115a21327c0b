"""Rate limits per client address and per account, with the standard headers.

Headers follow draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy: "default";q=100;w=60` and
`RateLimit: "default";r=50;t=30`.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import compress
from math import ceil
from typing import Literal

from .counters import Counters
from .ports import Headers
from .problems import Refusal, too_many_requests

_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """At most `amount` requests in `window` seconds under a path prefix.

    `key="client"` counts by address (an IPv6 network of 64 bits is one client) and concerns requests
    without a valid token, with `everyone` all requests; `key="account"` counts signed-in requests, either
    those that are answered with what is `kept`, and cost next to nothing, or all others.
    """

    name: str
    amount: int
    window: int
    key: Literal["client", "account"] = "client"
    prefix: str = "/"
    methods: frozenset[str] = frozenset()
    """Methods counted; empty for all."""
    everyone: bool = False
    kept: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.amount < 1 or self.window < 1:
            raise ValueError("a policy needs a name in lower case, an amount and a window of at least 1")


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy, and how often whom it concerns has asked."""

    policy: LimitPolicy
    counters: Counters
    announcement: bytes
    standing: bytes
    """Its item of the RateLimit header, to be filled with the rest and the seconds."""

    def concerns(self, method: str, path: str, *, signed_in: bool, kept: bool) -> bool:
        """Say whether such a request is counted."""
        policy = self.policy
        if policy.key == "account":
            if not signed_in or policy.kept != kept:
                return False
        elif signed_in and not policy.everyone:
            return False
        return (not policy.methods or method in policy.methods) and path.startswith(policy.prefix)


def _rule(policy: LimitPolicy, clock: Callable[[], float]) -> Rule:
    announcement = f'"{policy.name}";q={policy.amount};w={policy.window}'.encode()
    counters = Counters(policy.window, clock)
    return Rule(policy, counters, announcement, f'"{policy.name}";r=%d;t=%d'.encode())


class Rules:
    """All that concerns requests of one kind."""

    __slots__ = ("_announced", "_rules", "by_account")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._announced = (b"ratelimit-policy", b", ".join(rule.announcement for rule in self._rules))
        self.by_account = all(rule.policy.key == "account" for rule in self._rules)

    def admit(self, client: str, account: str | None) -> tuple[Headers, Refusal | None]:
        """Count one request: the headers to answer with, and a refusal when a limit is used up.

        A request refused by one policy has been counted by those before it.
        """
        standings, refusal = [], None
        for rule in self._rules:
            policy = rule.policy
            who = client if policy.key == "client" or account is None else account
            times, rest = rule.counters.add(who)
            seconds = max(1, ceil(rest))
            standings.append(rule.standing % (max(0, policy.amount - times), seconds))
            if times > policy.amount:
                refusal = too_many_requests(policy.name, seconds)
                break
        return [self._announced, (b"ratelimit", b", ".join(standings))] if standings else [], refusal


class Limiter:
    """Counts requests against every policy that concerns them."""

    def __init__(self, policies: Iterable[LimitPolicy], clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = [_rule(policy, clock) for policy in policies]
        self._of_kind: dict[tuple[bool, ...], Rules] = {}

    def admit(
        self, method: str, path: str, client: str, account: str | None, *, kept: bool = False
    ) -> tuple[Headers, Refusal | None]:
        """Count one request as `Rules.admit` does."""
        rules = self.rules(method, path, signed_in=account is not None, kept=kept)
        return rules.admit(client, account)

    def rules(self, method: str, path: str, *, signed_in: bool, kept: bool = False) -> Rules:
        """Return what concerns such a request."""
        kind = tuple(rule.concerns(method, path, signed_in=signed_in, kept=kept) for rule in self._rules)
        found = self._of_kind.get(kind)
        if found is None:
            found = self._of_kind[kind] = Rules(compress(self._rules, kind))
        return found
