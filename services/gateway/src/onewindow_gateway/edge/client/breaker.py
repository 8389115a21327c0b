"""Leaves a service alone for a moment after it could not be connected to several times in a row."""

from collections.abc import Callable
from math import ceil, inf

from onewindow_gateway.edge.ports import UpstreamUnavailable


class Breaker:
    """Counts failed connections; open after `failures` in a row, for `seconds`, then lets one try."""

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float]) -> None:
        self._limit = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._open_until = -inf
        self._probing = False

    def check(self) -> None:
        """Call before connecting. Raises `UpstreamUnavailable` while open or while another one tries."""
        if self._failed < self._limit:
            return
        left = self._open_until - self._clock()
        if left > 0 or self._probing:
            raise UpstreamUnavailable("left alone after failures", retry_after=max(1, ceil(left)))
        self._probing = True

    def succeeded(self) -> None:
        """A connection was made."""
        self._failed = 0
        self._probing = False

    def failed(self) -> None:
        """A connection could not be made."""
        self._failed += 1
        self._probing = False
        self._open_until = self._clock() + self._seconds

    def gave_up(self) -> None:
        """Nobody waited for the outcome: the next one may try."""
        self._probing = False
