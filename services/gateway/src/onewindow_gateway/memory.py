"""Answers kept for a moment; whoever asks for the same at the same time waits for one look-up."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from math import inf
from typing import Generic, TypeVar

Value = TypeVar("Value")


class ShortMemory(Generic[Value]):
    """Keeps each answer for some seconds from its arrival; a failure is kept for nobody."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: dict[Hashable, tuple[asyncio.Task[Value], float]] = {}

    async def get(self, key: Hashable, look_up: Callable[[], Awaitable[Value]]) -> Value:
        """Return what is kept under the key, else what `look_up` finds."""
        task, until = self._known.get(key, (None, 0.0))
        if task is None or until <= time.monotonic():
            task = asyncio.ensure_future(self._find(key, look_up))
            self._known[key] = (task, inf)
        return await asyncio.shield(task)

    async def _find(self, key: Hashable, look_up: Callable[[], Awaitable[Value]]) -> Value:
        try:
            found = await look_up()
        except BaseException:
            del self._known[key]
            raise
        now = time.monotonic()
        self._known = {other: kept for other, kept in self._known.items() if kept[1] > now}
        self._known[key] = (self._known[key][0], now + self._seconds)
        return found
