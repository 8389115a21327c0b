"""Answers kept for a moment; whoever asks for the same at the same time waits for one look-up."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from math import inf
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
PASSING_SECONDS = 1.0


class ShortMemory(Generic[Value]):
    """Keeps each answer for some seconds from its arrival; a failure is kept for nobody.

    An answer that is not `whole` is kept for a second at most. For so many seconds `meanwhile`, one that is
    over stays at hand while the next is looked up.
    """

    def __init__(
        self, seconds: float, whole: Callable[[Value], bool] = lambda _: True, *, meanwhile: float = 0
    ) -> None:
        self._seconds = seconds
        self._whole = whole
        self._meanwhile = meanwhile
        self._known: dict[Hashable, tuple[asyncio.Task[Value], float]] = {}
        self._before: dict[Hashable, tuple[asyncio.Task[Value], float]] = {}

    async def get(self, key: Hashable, look_up: Callable[[], Awaitable[Value]]) -> Value:
        """Return what is kept under the key, else what `look_up` finds."""
        return await asyncio.shield(self._looking(key, look_up))

    def renewed(self, key: Hashable, look_up: Callable[[], Awaitable[Value]]) -> Value | None:
        """Have what is over looked up, without waiting; return what is at hand meanwhile."""
        self._looking(key, look_up).add_done_callback(_leave)
        return self.at_hand(key)

    def _looking(self, key: Hashable, look_up: Callable[[], Awaitable[Value]]) -> asyncio.Task[Value]:
        task, until = self._known.get(key, (None, 0.0))
        if task is None or until <= time.monotonic():
            if task is not None:
                self._before[key] = (task, until + self._meanwhile)
            task = asyncio.ensure_future(self._find(key, look_up))
            self._known[key] = (task, inf)
        return task

    def at_hand(self, key: Hashable) -> Value | None:
        """Return what is kept under the key already; none where it has to be looked up or waited for."""
        task, until = self._known.get(key, (None, 0.0))
        if task is not None and not task.done():
            task, until = self._before.get(key, (None, 0.0))
        known = task is not None and until > time.monotonic() and not task.cancelled()
        return task.result() if task is not None and known and task.exception() is None else None

    def keeps(self, key: Hashable) -> bool:
        """Say whether an answer is kept under the key, or the next after one that was is being looked up."""
        task, until = self._known.get(key, (None, 0.0))
        if task is not None and not task.done():
            task, until = self._before.get(key, (None, 0.0))[0], inf
        known = task is not None and until > time.monotonic() and not task.cancelled()
        return task is not None and known and task.exception() is None and task.result() is not None

    async def _find(self, key: Hashable, look_up: Callable[[], Awaitable[Value]]) -> Value:
        try:
            found = await look_up()
        except BaseException:
            del self._known[key]
            raise
        finally:
            self._before.pop(key, None)
        now = time.monotonic()
        past = now - self._meanwhile
        self._known = {other: kept for other, kept in self._known.items() if kept[1] > past}
        seconds = self._seconds if self._whole(found) else min(self._seconds, PASSING_SECONDS)
        self._known[key] = (self._known[key][0], now + seconds)
        return found


def _leave(task: asyncio.Task[Any]) -> None:
    """Take note of a failure that nobody waits for; whoever asks next looks again."""
    if not task.cancelled():
        task.exception()
