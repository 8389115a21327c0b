"""Answers of the gateway's own routes that are kept for a moment and told again to whoever may see the same.

Only a 200 with an `ETag` is kept, without what the edge says to each caller itself. While the next is made
everybody is told the one before, or waits if that is too old; whatever else is answered, the application
answers to each.
"""

import re
from collections.abc import Awaitable, Hashable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Scope

from onewindow_gateway.memory import ShortMemory

from .arrival import Arrival
from .ports import Claims, Headers
from .settings import KeepPolicy

_TAGS = re.compile(rb'(?:W/)?("[^"]*")')
_OF_THE_BODY = frozenset({b"content-length", b"content-type"})
_OF_THE_REQUEST = frozenset({b"if-none-match", b"range"})


Answer = tuple[int, Headers, bytes]
"""Status, headers and body."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is told again, whole or to somebody who has it already."""

    tag: bytes
    whole: Headers
    unchanged: Headers
    body: bytes

    def told(self, known: bytes | None, extra: Headers) -> Answer:
        """Return a 304 for whoever knows this state, else a 200."""
        if known is not None and self._is(known):
            return 304, self.unchanged + extra, b""
        return 200, self.whole + extra, self.body

    def _is(self, known: bytes) -> bool:
        return known == self.tag or known.strip() == b"*" or self.tag in _TAGS.findall(known)


class Keeper:
    """Keeps answers of `inner` by what was asked for and by the rights of who asked."""

    def __init__(self, inner: ASGIApp, policy: KeepPolicy) -> None:
        self._inner = inner
        self._policy = policy
        self._memory: ShortMemory[Kept | None] = ShortMemory(policy.seconds, meanwhile=policy.seconds)

    def covers(self, arrival: Arrival) -> bool:
        """Say whether the answer to a request may be one that is kept."""
        return (
            arrival.method == "GET"
            and arrival.length == 0
            and not arrival.chunked
            and self._policy.path.fullmatch(arrival.path) is not None
        )

    def key(self, arrival: Arrival, caller: Claims) -> Hashable:
        """Return under what the answer to a request is kept."""
        return arrival.target, self._policy.rights(caller)

    def keeps(self, key: Hashable) -> bool:
        """Say whether to answer costs no look-up that was not begun anyway."""
        return self._memory.keeps(key)

    def at_hand(self, key: Hashable) -> Kept | None:
        """Return the answer that is kept, if there is one."""
        return self._memory.at_hand(key)

    async def made(self, key: Hashable, scope: Scope) -> Kept | None:
        """Have the application answer, once for all who ask; None for what is not kept.

        Nobody waits for that while the answer before is not too old.
        """

        def look_up() -> Awaitable[Kept | None]:
            return self._made(scope)

        return self._memory.renewed(key, look_up) or await self._memory.get(key, look_up)

    async def _made(self, scope: Scope) -> Kept | None:
        status, headers, pieces = 0, [], []

        async def take(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], list(message.get("headers", ()))
            else:
                pieces.append(message.get("body", b""))

        asked = [pair for pair in scope["headers"] if pair[0] not in _OF_THE_REQUEST]
        await self._inner({**scope, "headers": asked}, _nothing_more, take)
        tag = dict(headers).get(b"etag")
        if status != 200 or tag is None:
            return None
        unchanged = [pair for pair in headers if pair[0] not in _OF_THE_BODY]
        return Kept(tag, headers, unchanged, b"".join(pieces))


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
