"""Comparing two years."""

from collections.abc import Mapping

from onewindow_shared.contracts.burden import Direction

WHOLE = 100


def both_years(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[int, int] | None:
    """Return the sums of the communities that both years are known of, None if there is none."""
    both = now.keys() & before.keys()
    return (sum(now[one] for one in both), sum(before[one] for one in both)) if both else None


def direction(years: tuple[int, int] | None) -> Direction:
    """Say where a figure went."""
    if years is None:
        return Direction.UNKNOWN
    now, before = years
    if now == before:
        return Direction.SAME
    return Direction.DOWN if now < before else Direction.UP


def met(years: tuple[int, int] | None, change_percent: int) -> bool | None:
    """Say whether a figure changed by as much as a norm wants, None where that is not known."""
    return None if years is None else years[0] * WHOLE <= years[1] * (WHOLE + change_percent)


def share(hours: int | None, staff: int | None) -> int | None:
    """Return the hours that fall to one person, rounded up."""
    return None if hours is None or staff is None else -(-hours // staff)
