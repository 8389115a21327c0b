"""Comparing two years."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from onewindow_shared.contracts.burden import BurdenKind, Direction
from onewindow_shared.contracts.metrics import Metric

WHOLE = 100
COMPARED: Mapping[BurdenKind, tuple[Metric, Metric]] = {
    BurdenKind.LEDGERS: (Metric.BURDEN_LEDGERS, Metric.BURDEN_LEDGERS_BEFORE),
    BurdenKind.FORMS: (Metric.BURDEN_FORMS, Metric.BURDEN_FORMS_BEFORE),
    BurdenKind.MEETINGS: (Metric.BURDEN_MEETINGS, Metric.BURDEN_MEETINGS_BEFORE),
}
"""What the dashboard has (AD6): a year's figure and that of the year before."""
Pair = tuple[int, int]
"""What there was in a year, and in the year before."""


@dataclass(frozen=True)
class Turn:
    """What became of the communities of a year by the end of the next one."""

    before: Collection[str]
    """Who was there when the year before ended."""
    heirs: Mapping[str, str]
    """Code -> who stands for it when the next year ends, of every community that ever was."""
    divided: Collection[str] = ()
    """Who was split in between: what a part has is to be counted again."""


def pairs(now: Mapping[str, int], before: Mapping[str, int], turn: Turn) -> dict[str, Pair]:
    """Return both years of each community of which both are known, with what it has of others.

    The year before is known where each of those has told it for whom the community stands; the year is, where
    the community itself has told it, or each of them.
    """
    of: dict[str, set[str]] = {}
    for code in turn.before:
        of.setdefault(turn.heirs.get(code, code), set()).add(code)
    both = _gathered(now, turn), _gathered(before, turn)
    return {
        heir: (both[0][heir], both[1][heir])
        for heir, several in of.items()
        if several <= before.keys()
        and (heir in now or several <= now.keys())
        and several.isdisjoint(turn.divided)
    }


def _gathered(told: Mapping[str, int], turn: Turn) -> Counter[str]:
    found: Counter[str] = Counter()
    for code, n in told.items():
        found[turn.heirs.get(code, code)] += n
    return found


def together(several: Iterable[Pair]) -> Pair | None:
    """Return the sums of both years, None of nothing."""
    found = list(several)
    return (sum(now for now, _ in found), sum(before for _, before in found)) if found else None


def communities_concerned(areas: Iterable[str], below: Mapping[str, int]) -> int:
    """Count the communities that work in these areas concerns; `below` counts them by area of any level."""
    wanted = set(areas)
    outer = (one for one in wanted if not any(one != other and one.startswith(other) for other in wanted))
    return sum(below.get(area, 0) for area in outer)


def direction(years: Pair | None) -> Direction:
    """Say where a figure went."""
    if years is None:
        return Direction.UNKNOWN
    now, before = years
    if now == before:
        return Direction.SAME
    return Direction.DOWN if now < before else Direction.UP


def met(years: Pair | None, change_percent: int) -> bool | None:
    """Say whether a figure changed by as much as a norm wants, None where that is not known."""
    return None if years is None else years[0] * WHOLE <= years[1] * (WHOLE + change_percent)


def share(hours: int | None, staff: int | None) -> int | None:
    """Return the hours that fall to one person, rounded up."""
    return None if hours is None or staff is None else -(-hours // staff)
