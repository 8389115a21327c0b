"""Which star comes next, and what becomes of one when its publicity is over (rules B3.5)."""

from collections.abc import Sequence
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a star on the day after its publicity."""

    GRANTED = "granted"
    WAITS = "waits"
    """Somebody objects: the street or the district decides."""
    REFUSED = "refused"
    """The hours are no longer there."""


def next_level(granted: int, thresholds: Sequence[int]) -> tuple[int, int] | None:
    """Return the level after the highest that was granted, with the minutes it asks; thresholds in hours.

    Levels are granted step by step, and none twice.
    """
    return (granted + 1, thresholds[granted] * 60) if granted < len(thresholds) else None


def fate(minutes: int, wanted: int, objections: int) -> Fate:
    """Say what becomes of a star of so many confirmed minutes when its publicity is over."""
    if minutes < wanted:
        return Fate.REFUSED
    return Fate.WAITS if objections else Fate.GRANTED
