"""The connections to one service: how many, how long, and who may wait for one."""

import asyncio
from collections import deque
from collections.abc import Callable

from onewindow_gateway.edge.ports import UpstreamTimeout, UpstreamUnavailable
from onewindow_gateway.edge.settings import UpstreamSettings

from .breaker import Breaker
from .connection import Connection

_LONGEST_SWEEP = 0.25
_SHORTEST_SWEEP = 0.005


class Pool:
    """Hands out connections, the last used first; a bounded queue waits when all are busy."""

    def __init__(self, host: str, port: int, settings: UpstreamSettings, clock: Callable[[], float]) -> None:
        self._host = host
        self._port = port
        self._settings = settings
        self._breaker = Breaker(settings.breaker_failures, settings.breaker_seconds, clock)
        self._open: set[Connection] = set()
        self._idle: list[Connection] = []
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._slots = settings.max_connections
        self._sweeping: asyncio.TimerHandle | None = None
        self._sweep_interval = _sweep_interval(settings)

    def idle(self) -> Connection | None:
        """An open connection nobody uses, if there is one."""
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    async def acquire(self, *, fresh: bool = False) -> Connection:
        """A connection of one's own; `fresh` for one that has carried nothing yet.

        Raises `UpstreamUnavailable` or `UpstreamTimeout`.
        """
        if fresh and self._slots == 0 and self._idle:
            self._idle.pop().close()
        if self._slots > 0:
            self._slots -= 1
            return await self._connect()
        waited = await self._wait()
        if waited is None:
            return await self._connect()
        return waited if waited.usable else await self.acquire()

    async def _wait(self) -> Connection | None:
        """Wait in the queue for a connection, or for the right (None) to open one."""
        if len(self._waiting) >= self._settings.max_waiters:
            raise UpstreamUnavailable("too many wait for a connection", self._settings.retry_after)
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._settings.wait_timeout):
                return await turn
        except TimeoutError as error:
            self._leave(turn)
            raise UpstreamUnavailable("no free connection in time", self._settings.retry_after) from error
        except asyncio.CancelledError:
            self._leave(turn)
            raise

    def _leave(self, turn: "asyncio.Future[Connection | None]") -> None:
        """Step out of the queue; what was handed over in the same moment goes to the next."""
        if turn.done() and not turn.cancelled():
            connection = turn.result()
            if connection is None:
                self._free_slot()
            else:
                self.released(connection)
        else:
            turn.cancel()
            self._waiting.remove(turn)

    async def _connect(self) -> Connection:
        """Open a connection in a slot already taken."""
        connected = False
        try:
            self._breaker.check()
            connection = await self._open_one()
            connected = True
        finally:
            if not connected:
                self._free_slot()
        return connection

    async def _open_one(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._settings.connect_timeout):
                _, connection = await loop.create_connection(
                    lambda: Connection(self, loop, self._settings), self._host, self._port
                )
        except TimeoutError as error:
            self._breaker.failed()
            raise UpstreamTimeout("no connection in time", self._settings.retry_after) from error
        except OSError as error:
            self._breaker.failed()
            raise UpstreamUnavailable("connection refused", self._settings.retry_after) from error
        except asyncio.CancelledError:
            self._breaker.gave_up()
            raise
        self._breaker.succeeded()
        self._open.add(connection)
        self._keep_sweeping(loop)
        return connection

    def released(self, connection: Connection) -> None:
        """Its answer is complete: to the next who waits, or to rest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return
        if len(self._idle) >= self._settings.max_idle:
            connection.close()
            return
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle.append(connection)

    def lost(self, connection: Connection) -> None:
        """It is closed: its place is free."""
        if connection in self._open:
            self._open.discard(connection)
            if connection in self._idle:
                self._idle.remove(connection)
            self._free_slot()

    def _free_slot(self) -> None:
        """Give the right to open a connection to the next who waits, or keep it."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._slots += 1

    def _keep_sweeping(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._sweeping is None:
            self._sweeping = loop.call_later(self._sweep_interval, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look at every deadline at once: cheaper than a timer per request."""
        self._sweeping = None
        now = loop.time()
        for connection in list(self._open):
            if connection.deadline <= now:
                connection.overdue()
        expired = now - self._settings.idle_expiry
        while self._idle and self._idle[0].idle_since <= expired:
            self._idle.pop(0).close()
        if self._open:
            self._keep_sweeping(loop)

    def close(self) -> None:
        """Close every connection; a later request opens new ones."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            self._sweeping = None
        self._idle.clear()
        for connection in list(self._open):
            connection.close()


def _sweep_interval(settings: UpstreamSettings) -> float:
    """Fine enough for the shortest of the time-outs."""
    shortest = min(settings.head_timeout, settings.between_bytes_timeout, settings.idle_expiry)
    return min(_LONGEST_SWEEP, max(_SHORTEST_SWEEP, shortest / 4))
