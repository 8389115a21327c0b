"""The only place that reads the system's clock; everything else is handed an instant."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]
"""Returns the present instant as an aware UTC datetime."""


def system_clock() -> datetime:
    """Return the machine's present instant."""
    return datetime.now(UTC)


class ShiftedClock:
    """The machine's clock moved by the seconds written in a file; for demonstrations and tests of whole days.

    The file is read again whenever it changes. A missing file means no shift.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp: int | None = None
        self._shift = timedelta()

    def __call__(self) -> datetime:
        try:
            stamp = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return system_clock()
        if stamp != self._stamp:
            self._shift = timedelta(seconds=float(self._file.read_text(encoding="utf-8") or 0))
            self._stamp = stamp
        return system_clock() + self._shift
