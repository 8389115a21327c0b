"""The populations that areas had, as casework tells them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sqlalchemy import delete, select

from onewindow_shared.contracts.events import PopulationsChanged
from onewindow_shared.plumbing.reference import Area, communities_at
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.reports.models import AreaPopulation


def populations_changed(unit: Unit, event: PopulationsChanged) -> None:
    """Keep what is told of an area in place of what was told before."""
    unit.session.execute(delete(AreaPopulation).where(AreaPopulation.area == event.code))
    unit.session.add_all(
        AreaPopulation(area=event.code, since=since, population=n) for since, n in event.populations
    )


def populations(unit: Unit) -> Callable[[Area, date], int | None]:
    """Read the populations; return what tells a community's on a day.

    Of one that stands for others, of all that were communities then, if they are known. Where no day is told
    of, the present one is known of today alone.
    """
    told: defaultdict[str, list[tuple[date, int | None]]] = defaultdict(list)
    for row in unit.session.scalars(select(AreaPopulation).order_by(AreaPopulation.since)):
        told[row.area].append((row.since, row.population))
    communities = communities_at(unit)

    def residents(code: str, day: date) -> int | None:
        place = bisect_right(told[code], day, key=lambda entry: entry[0])
        return told[code][place - 1][1] if place else None

    def of(community: Area, day: date) -> int | None:
        several = [residents(code, day) for code in communities(community.code, day)]
        known = [n for n in several if n is not None]
        if known and len(known) == len(several):
            return sum(known)
        return community.population if day >= unit.today else None

    return of
