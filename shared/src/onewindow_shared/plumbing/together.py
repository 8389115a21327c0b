"""Handlers that take at once what would otherwise come one by one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Together:
    """A handler that is given all events or timers of its kind that came one after the other, in their order.

    If it fails, it is given each of them alone.
    """

    handle: Callable[[Any, Sequence[Any]], None]
    """Called with the unit of work and what came."""
