"""Group commit: the row sets of simultaneous requests are written in one transaction, each answered after it.

A batch that fails is redone one by one, so that one bad row refuses only its own request; in an outage of
the database all of it fails at once. While nothing else
waits, a request is written at once: a batch is whatever gathered during the commit before.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from onewindow_shared.plumbing.database import out_of_reach
from onewindow_shared.plumbing.problems import Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

LARGEST = 64


class GroupCommitter(Generic[Item, Result]):
    """Gathers items and writes them by `write`, which commits all of a batch or nothing."""

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], writers: int) -> None:
        self._write = write
        self._writers = writers
        self._busy = 0
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, item: Item) -> Result:
        """Write the item with whatever else waits; return its result once it is durable."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._busy < self._writers:
            self._busy += 1
            task = asyncio.create_task(self._drain())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                size = min(LARGEST, len(self._waiting))
                await self._commit([self._waiting.popleft() for _ in range(size)])
        finally:
            self._busy -= 1

    async def _commit(self, batch: Sequence[tuple[Item, "asyncio.Future[Result]"]]) -> None:
        try:
            pairs = zip(batch, await self._write([item for item, _ in batch]), strict=True)
            answers = [(future, result) for (_, future), result in pairs]
        except Exception as error:  # noqa: BLE001 - whatever failed belongs to the requests of the batch
            if len(batch) > 1 and not _outage(error):
                for one in batch:
                    await self._commit([one])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for future, result in answers:
            if not future.done():
                future.set_result(result)


def _outage(error: Exception) -> bool:
    return isinstance(error, Unavailable) or out_of_reach(error)
