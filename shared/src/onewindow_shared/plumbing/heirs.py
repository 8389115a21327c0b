"""Which areas have ended, held in a process: every request asks, and it changes a few times a year."""

import time

from onewindow_shared.plumbing.database import Database
from onewindow_shared.plumbing.reference import read_succession
from onewindow_shared.plumbing.scope import EVERYTHING
from onewindow_shared.plumbing.succession import NO_SUCCESSION, Succession

SECONDS = 0.5
"""For which a copy is good enough: another replica may have been told of a change meanwhile."""


class KnownHeirs:
    """A copy of the succession; one request at a time renews it, the others go on with what is known."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read_at: float | None = None
        self._changes = 0
        self.known: Succession = NO_SUCCESSION

    async def current(self) -> Succession:
        """Return the succession as it was at most `SECONDS` ago."""
        before, now = self._read_at, time.monotonic()
        if before is None or now - before >= SECONDS:
            await self._renew(before, now)
        return self.known

    async def _renew(self, before: float | None, now: float) -> None:
        changes, self._read_at = self._changes, before and now
        try:
            self.known = await self._database.read(EVERYTHING, read_succession)
        except BaseException:
            self._read_at = before
            raise
        if changes == self._changes:
            self._read_at = now

    def forget(self) -> None:
        """Have it read again: this process has changed the register."""
        self._read_at = None
        self._changes += 1
