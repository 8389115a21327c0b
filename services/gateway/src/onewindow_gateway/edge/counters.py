"""Counters in memory for the `limits` library.

Its own memory storages walk over all keys every few milliseconds of traffic, in a thread or a task per
hit; with ten thousand clients that costs more than the request. Here the walk is rare.
"""

from collections.abc import Callable

from limits.storage import Storage

_SWEEP_SECONDS = 10.0


class Counters(Storage):
    """Counters that expire, for one event loop. Each process counts for itself."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}
        self._next_sweep = clock() + _SWEEP_SECONDS

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = self._clock()
        if now >= self._next_sweep:
            self._sweep(now)
        count, expires = self._counts.get(key, (0, 0.0))
        if expires <= now:
            count, expires = 0, now + expiry
        self._counts[key] = (count + amount, expires)
        return count + amount

    def get(self, key: str) -> int:
        count, expires = self._counts.get(key, (0, 0.0))
        return count if expires > self._clock() else 0

    def standing(self, key: str) -> tuple[int, float]:
        """Count and end of the window, right after counting: one look instead of the library's three."""
        return self._counts[key]

    def get_expiry(self, key: str) -> float:
        """When the counter starts anew, on the clock given."""
        return self._counts.get(key, (0, self._clock()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        size = len(self._counts)
        self._counts.clear()
        return size

    def clear(self, key: str) -> None:
        self._counts.pop(key, None)

    def _sweep(self, now: float) -> None:
        self._next_sweep = now + _SWEEP_SECONDS
        self._counts = {key: value for key, value in self._counts.items() if value[1] > now}
