"""Comparing two years."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from onewindow_shared.contracts.burden import BurdenKind, Direction
from onewindow_shared.contracts.metrics import Metric

WHOLE = 100
COMPARED: Mapping[BurdenKind, tuple[Metric, Metric]] = {
    BurdenKind.LEDGERS: (Metric.BURDEN_LEDGERS, Metric.BURDEN_LEDGERS_BEFORE),
    BurdenKind.FORMS: (Metric.BURDEN_FORMS, Metric.BURDEN_FORMS_BEFORE),
    BurdenKind.MEETINGS: (Metric.BURDEN_MEETINGS, Metric.BURDEN_MEETINGS_BEFORE),
}
"""What the dashboard has (AD6): a year's figure and that of the year before."""


def standing(kind: BurdenKind, by_year: Mapping[int, int]) -> Counter[tuple[Metric, date]]:
    """Return what a community's figures add to the dashboard's on which days.

    A year stands there from its first day to its last, and only where the year before is known, too.
    """
    found: Counter[tuple[Metric, date]] = Counter()
    for year, now in by_year.items():
        if year - 1 in by_year and kind in COMPARED:
            for metric, n in zip(COMPARED[kind], (now, by_year[year - 1]), strict=True):
                found[metric, date(year, 1, 1)] += n
                found[metric, date(year + 1, 1, 1)] -= n
    return found


def change(
    kind: BurdenKind, before: Mapping[int, int], after: Mapping[int, int]
) -> Iterator[tuple[Metric, date, int]]:
    """Yield by how much the dashboard's figures change where a community's do."""
    changed = standing(kind, after)
    changed.subtract(standing(kind, before))
    for (metric, day), n in sorted(changed.items()):
        if n:
            yield metric, day, n


def communities_concerned(areas: Iterable[str], below: Mapping[str, int]) -> int:
    """Count the communities that work in these areas concerns; `below` counts them by area of any level."""
    wanted = set(areas)
    outer = (one for one in wanted if not any(one != other and one.startswith(other) for other in wanted))
    return sum(below.get(area, 0) for area in outer)


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
