"""Polls: answered with what is kept, and known again by their bytes, since dashboards ask the same each time.

All that the edge decides about a request it reads off its bytes, but for three things: whether the token
still counts, how often the account has asked, and what is kept at the moment. Those are looked at each time;
of a request that was told a kept answer before, nothing else has to be read again.
"""

from collections.abc import Hashable
from typing import NamedTuple

from starlette.types import ASGIApp, Scope, Send

from .arrival import Arrival, new_request_id
from .keeping import Answer, Keeper
from .limiting import Limiter, Rules
from .ports import Claims, Headers, TokenRefused
from .settings import KeepPolicy
from .tokens import Gate, token_of

_REMEMBERED = 2048
_LONGEST = 4096
"""Bytes of headers of a poll that is remembered."""


class _Poll(NamedTuple):
    token: str
    rules: Rules
    key: Hashable
    known: bytes | None


class Polls:
    """Answers requests with what is kept of the answers of `inner`."""

    def __init__(self, inner: ASGIApp, policy: KeepPolicy, gate: Gate, limiter: Limiter) -> None:
        self._keeper = Keeper(inner, policy)
        self._gate, self._limiter = gate, limiter
        self._polls: dict[Hashable, _Poll] = {}

    def cover(self, arrival: Arrival) -> bool:
        """Say whether the answer to a request may be one that is kept."""
        return self._keeper.covers(arrival)

    def keeps(self, arrival: Arrival, caller: Claims) -> bool:
        """Say whether the answer to a request is kept."""
        return self.cover(arrival) and self._keeper.keeps(self._keeper.key(arrival, caller))

    async def told(self, arrival: Arrival, caller: Claims, scope: Scope, send: Send, extra: Headers) -> bool:
        """Answer with what is kept, or is made now to be kept; say whether there is such an answer.

        `scope` is what the application is to see of the request.
        """
        key = self._keeper.key(arrival, caller)
        kept = self._keeper.at_hand(key) or await self._keeper.made(key, scope)
        if kept is None:
            return False
        self._remember(arrival, key)
        status, headers, body = kept.told(arrival.first.get(b"if-none-match"), extra)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return True

    def at_once(self, target: bytes, headers: Headers) -> Answer | None:
        """Return what a GET is told whose like was told before; None where it has to go the whole way."""
        poll = self._polls.get((target, *headers))
        kept = self._keeper.at_hand(poll.key) if poll else None
        if poll is None or kept is None:
            return None
        try:
            caller = self._gate.judged(poll.token)
        except TokenRefused:
            return None
        limits, refusal = poll.rules.admit("", caller.subject)
        extra = [(b"x-request-id", new_request_id().encode()), *limits]
        return kept.told(poll.known, extra) if refusal is None else None

    def _remember(self, arrival: Arrival, key: Hashable) -> None:
        """Know the request again, forgetting the oldest when there are many.

        Not one with an id of its own, nor one that counts against its address, nor one of many headers.
        """
        rules = self._limiter.rules(arrival.method, arrival.path, signed_in=True, kept=True)
        size = sum(len(name) + len(value) for name, value in arrival.headers)
        if b"x-request-id" in arrival.first or not rules.by_account or size > _LONGEST:
            return
        if len(self._polls) >= _REMEMBERED:
            del self._polls[next(iter(self._polls))]
        token, known = token_of(arrival.first[b"authorization"]), arrival.first.get(b"if-none-match")
        self._polls[arrival.target, *arrival.headers] = _Poll(token, rules, key, known)
