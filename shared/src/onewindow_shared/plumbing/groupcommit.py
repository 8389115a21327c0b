"""Group commit: the row sets of simultaneous requests are written in one transaction, each answered after it.

A batch that fails is redone one by one, so that one bad row refuses only its own request. While nothing else
waits, a request is written at once: a batch is whatever gathered during the commit before.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

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
            if len(batch) > 1:
                for one in batch:
                    await self._commit([one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for future, result in answers:
            if not future.done():
                future.set_result(result)
