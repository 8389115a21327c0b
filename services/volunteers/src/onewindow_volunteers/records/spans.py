"""Stretches of time, and which of somebody's minutes are not counted yet: the same minutes count once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]
"""From a moment to a later one."""
MINUTE = timedelta(minutes=1)


def within(came_at: datetime, left_at: datetime, whole: Span) -> list[Span]:
    """Return the stretch given within a whole; coming early, staying on and travel are none of it."""
    first, last = max(came_at, whole[0]), min(left_at, whole[1])
    return [(first, last)] if first < last else []


def without(spans: Sequence[Span], taken: Iterable[Span]) -> list[Span]:
    """Return what is left of stretches when others are taken out of them, in order."""
    left = sorted(spans)
    for begin, end in taken:
        left = [
            piece
            for start, stop in left
            for piece in ((start, min(stop, begin)), (max(start, end), stop))
            if piece[0] < piece[1]
        ]
    return left


def minutes_of(spans: Iterable[Span]) -> int:
    """Return the full minutes that stretches hold together."""
    return sum((end - start for start, end in spans), timedelta()) // MINUTE


def first_minutes(spans: Iterable[Span], minutes: int) -> list[Span]:
    """Return the beginning of stretches, as many minutes as wanted."""
    left, found = minutes * MINUTE, []
    for start, end in spans:
        taken = min(end - start, left)
        if taken > timedelta():
            found.append((start, start + taken))
        left -= taken
    return found
