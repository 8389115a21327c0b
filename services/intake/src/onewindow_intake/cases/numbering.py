"""Case numbers from blocks of serials that each process reserves, so that no counter row is fought over.

A block is taken in a transaction of its own: a process that stops leaves a gap, and no number is given twice.
"""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

from onewindow_intake.cases.models import SerialBlock
from onewindow_intake.cases.problems import NumbersUsedUp
from onewindow_shared.contracts.numbers import case_number
from onewindow_shared.plumbing.bulk import count_on
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.unit import Unit

LAST_SERIAL = 99_999
_REMEMBERED = 1000
_OLD = timedelta(days=30)


def reserve(unit: Unit, community: str, day: date, size: int) -> range:
    """Take the next serials of a community's day, from 1; raise `NumbersUsedUp` when none is left."""
    key = {"community": community, "day": day}
    after = count_on(unit.session, SerialBlock.next, key, start=1, by=size)
    if after - size > LAST_SERIAL:
        raise NumbersUsedUp(detail="This community has given out every number of that day.")
    return range(after - size, min(after, LAST_SERIAL + 1))


class Numbers:
    """Gives out the numbers of this process."""

    def __init__(self, runtime: Runtime, block: int) -> None:
        self._runtime = runtime
        self._block = block
        self._left: dict[tuple[str, date], Iterator[int]] = {}
        self._lock = asyncio.Lock()

    async def next(self, community: str, day: date) -> str:
        """Return a number that nobody else has."""
        serial = self._taken(community, day)
        while serial is None:
            async with self._lock:
                serial = self._taken(community, day)
                if serial is None:
                    await self._refill(community, day)
                    serial = self._taken(community, day)
        return case_number(community, day, serial)

    def _taken(self, community: str, day: date) -> int | None:
        return next(self._left.get((community, day), iter(())), None)

    async def _refill(self, community: str, day: date) -> None:
        if len(self._left) > _REMEMBERED:
            self._left = {key: left for key, left in self._left.items() if key[1] > day - _OLD}
        block = await self._runtime.system(reserve, community, day, self._block)
        self._left[community, day] = iter(block)
