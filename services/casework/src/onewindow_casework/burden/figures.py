"""Two years beside each other, whatever became of the communities in between."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, select

from onewindow_casework.areas.queries import divided
from onewindow_casework.burden import rules
from onewindow_casework.burden.models import BurdenRecord
from onewindow_casework.burden.rules import COMPARED, Pair, Turn
from onewindow_shared.contracts.burden import BurdenKind
from onewindow_shared.plumbing.reference import LARGER, Area
from onewindow_shared.plumbing.rollups import Counted
from onewindow_shared.plumbing.unit import Unit

Told = Mapping[tuple[str, int], Mapping[str, int]]
"""Kind and year -> who told it -> how many there were."""


def told(unit: Unit, year: int, *those: ColumnElement[bool]) -> Told:
    """Return what was recorded for a year and the year before."""
    columns = (BurdenRecord.kind, BurdenRecord.year, BurdenRecord.community, BurdenRecord.count)
    query = select(*columns).where(BurdenRecord.year.in_((year - 1, year)), *those)
    found: defaultdict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for kind, when, community, n in unit.session.execute(query):
        found[kind, when][community] = n
    return found


def last_day(unit: Unit, year: int) -> date:
    """Return the last day of a year that there is."""
    return min(date(year, 12, 31), unit.today)


def turn(unit: Unit, year: int) -> Turn:
    """Return what became of the communities of the year before by the end of a year."""
    ends, ended = last_day(unit, year), date(year - 1, 12, 31)
    several = unit.session.scalars(select(Area).where(Area.kind.not_in(LARGER))).all()
    return Turn(
        before=[one.code for one in several if one.lives(ended)],
        heirs={one.code: unit.heirs.heir(one.code, ends) for one in several},
        divided=divided(unit, ended, ends),
    )


def compared(unit: Unit, communities: Callable[[str, date], list[str]]) -> Callable[[str, date], Counted]:
    """Return what tells how many of a kind an area had in the year of a day, and in the year before.

    `communities` names those of an area and a day.
    """
    known: dict[int, Mapping[BurdenKind, Mapping[str, Pair]]] = {}

    def of(area: str, day: date) -> Counted:
        if day.year not in known:
            known[day.year] = _pairs(unit, day.year)
        counted: Counted = {metric: 0 for both in COMPARED.values() for metric in both}
        here = communities(area, last_day(unit, day.year)) if known[day.year] else ()
        for kind, by_community in known[day.year].items():
            both = rules.together(by_community[one] for one in here if one in by_community)
            counted |= dict(zip(COMPARED[kind], both or (0, 0), strict=True))
        return counted

    return of


def _pairs(unit: Unit, year: int) -> Mapping[BurdenKind, Mapping[str, Pair]]:
    found = told(unit, year, BurdenRecord.kind.in_(COMPARED))
    if not found:
        return {}
    then = turn(unit, year)
    return {
        kind: rules.pairs(found.get((kind, year), {}), found.get((kind, year - 1), {}), then)
        for kind in COMPARED
    }
