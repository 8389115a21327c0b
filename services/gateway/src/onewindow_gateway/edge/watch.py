"""Notices clients that leave or fall silent, without a timer or a task for each request.

Every request that is being forwarded is listed; one timer looks over the list. Only a request that is
still there after a whole interval costs more: a task that listens for the client's departure.
"""

import asyncio
from enum import Enum
from math import inf
from typing import cast

from starlette.types import Receive

from .settings import EdgeSettings


class Ended(Enum):
    """Why the edge ended a request before its time."""

    GONE = "the client closed the connection"
    SILENT = "the client did not send its body in time"
    STUCK = "the client did not read the answer in time"


class Visit:
    """One request while it is being forwarded."""

    __slots__ = (
        "_awaited",
        "_body_end",
        "_deadline",
        "_left",
        "_listener",
        "_loop",
        "_receive",
        "_seen",
        "_settings",
        "_task",
        "ended",
    )

    def __init__(
        self,
        task: "asyncio.Task[object]",
        loop: asyncio.AbstractEventLoop,
        receive: Receive,
        settings: EdgeSettings,
    ) -> None:
        self._task = task
        self._loop = loop
        self._receive = receive
        self._settings = settings
        self._deadline = inf
        self._body_end = loop.time() + settings.client_body_seconds
        self._awaited = Ended.SILENT
        self._listener: asyncio.Task[None] | None = None
        self._seen: bool | None = None
        self._left = False
        self.ended: Ended | None = None

    def awaits_client(self) -> None:
        """A piece of the body is waited for."""
        self._deadline = min(self._body_end, self._loop.time() + self._settings.client_body_timeout)

    def awaits_reader(self) -> None:
        """The client must take a piece of the answer."""
        self._awaited = Ended.STUCK
        self._deadline = self._loop.time() + self._settings.client_read_timeout

    def goes_on(self) -> None:
        """The client did its part."""
        self._deadline = inf

    def body_read(self) -> None:
        """The whole body is here: from now on, anything from the client is its departure."""
        self._seen = False

    def look(self, now: float) -> None:
        """Once every interval."""
        if self._deadline <= now:
            self._end(self._awaited)
        elif self._seen and self._listener is None:
            self._listener = self._loop.create_task(self._listen())
        elif self._seen is False:
            self._seen = True

    async def _listen(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._end(Ended.GONE)

    def _end(self, why: Ended) -> None:
        if self.ended is None and not self._left:
            self.ended = why
            self._deadline = inf
            self._task.cancel()

    def leave(self) -> None:
        """The request is done."""
        self._left = True
        if self._listener is not None:
            self._listener.cancel()


class Watch:
    """All requests being forwarded."""

    def __init__(self, settings: EdgeSettings) -> None:
        self._settings = settings
        self._visits: set[Visit] = set()
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, receive: Receive) -> Visit:
        """List the running task's request."""
        loop = asyncio.get_running_loop()
        visit = Visit(cast("asyncio.Task[object]", asyncio.current_task()), loop, receive, self._settings)
        self._visits.add(visit)
        if self._timer is None:
            self._timer = loop.call_later(self._settings.watch_interval, self._look, loop)
        return visit

    def leave(self, visit: Visit) -> None:
        """Take it off the list."""
        self._visits.discard(visit)
        visit.leave()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        for visit in list(self._visits):
            visit.look(now)
        if self._visits:
            self._timer = loop.call_later(self._settings.watch_interval, self._look, loop)

    def close(self) -> None:
        """Stop looking."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
