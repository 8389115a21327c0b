"""Counting last days again when the calendar changes: slice by slice, each in a transaction of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from onewindow_casework.clocks.queries import hold_calendar
from onewindow_shared.plumbing.unit import Unit

Row = TypeVar("Row")
SLICE = 500
"""Of how many the last days are counted again in one transaction."""


@dataclass(frozen=True)
class Slice:
    """What one transaction came to."""

    moved: int
    """How many have another last day than before."""
    reached: int | None = None
    """Id of the last one, if there may be more after it."""


@dataclass(frozen=True)
class Recount:
    """Something that has last days; what the import of a year does not come to, a timer goes on with."""

    timer: str
    count: Callable[[Unit, date, date, int], Slice]
    """Called with the first and the last changed day, and the id after which to begin."""

    def __call__(self, unit: Unit, first: date, last: date) -> int:
        """Count the first slice again; return how many moved."""
        return self._next(unit, first, last, 0)

    def go_on(self, unit: Unit, slice_: str, _due_at: datetime) -> None:
        """Count the next slice again, under the calendar as it is now."""
        first, last, after = slice_.split(":")
        hold_calendar(unit)
        moved = self._next(unit, date.fromisoformat(first), date.fromisoformat(last), int(after))
        unit.audit("calendar.followed", "calendar", slice_, detail={"moved": moved})

    def _next(self, unit: Unit, first: date, last: date, after: int) -> int:
        done = self.count(unit, first, last, after)
        if done.reached is not None:
            unit.set_timer(self.timer, f"{first.isoformat()}:{last.isoformat()}:{done.reached}", unit.now)
        return done.moved


def next_of(unit: Unit, query: Select[Row], key: InstrumentedAttribute[int], after: int) -> Sequence[Row]:
    """Return the next slice of rows by their id, and keep other writers from them."""
    return unit.session.scalars(query.where(key > after).order_by(key).limit(SLICE).with_for_update()).all()


def done_with(moved: int, ids: Sequence[int]) -> Slice:
    """Say how many of a slice moved, and where to go on if it was full."""
    return Slice(moved, ids[-1] if len(ids) == SLICE else None)
