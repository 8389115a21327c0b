"""Counters in memory, of fixed windows, for one event loop. Each process counts for itself.

The memory storages of `limits` walk over all keys every few milliseconds of traffic, in a thread or a task
per hit; with ten thousand clients that costs more than the request. Here the walk is rare.
"""

from collections.abc import Callable

_SWEEP_SECONDS = 10.0


class Counters:
    """How often each key came up within a window of so many seconds, which begins with its first time."""

    def __init__(self, window: float, clock: Callable[[], float]) -> None:
        self._window = window
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}
        self._next_sweep = clock() + _SWEEP_SECONDS

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, key: str) -> tuple[int, float]:
        """Count a key once more; return how often it came up, and in how many seconds its window ends."""
        now = self._clock()
        if now >= self._next_sweep:
            self._sweep(now)
        count, ends = self._counts.get(key, (0, 0.0))
        if ends <= now:
            count, ends = 0, now + self._window
        self._counts[key] = (count + 1, ends)
        return count + 1, ends - now

    def _sweep(self, now: float) -> None:
        self._next_sweep = now + _SWEEP_SECONDS
        self._counts = {key: value for key, value in self._counts.items() if value[1] > now}
