"""How often something may be tried, counted in this process by a moving window."""

import time
from math import ceil

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class Attempts:
    """At most `amount` tries within `seconds` for one key; a key is never stored longer than that."""

    def __init__(self, amount: int, seconds: int) -> None:
        self._item = RateLimitItemPerSecond(amount, seconds)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def take(self, *key: str) -> bool:
        """Count one try, and say whether it may be made."""
        return self._windows.hit(self._item, *key)

    def may(self, *key: str) -> bool:
        """Say whether a try may be made, without counting one."""
        return self._windows.test(self._item, *key)

    def forget(self, *key: str) -> None:
        """Begin anew with this key."""
        self._windows.clear(self._item, *key)

    def wait(self, *key: str) -> int:
        """Return the seconds until another try may be made, at least 1."""
        return max(1, ceil(self._windows.get_window_stats(self._item, *key).reset_time - time.time()))
