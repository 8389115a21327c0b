"""Counters as they are told to whoever may see no cases, and those of reviews to everybody.

Rules C5; docs/adr/0014.
"""

from collections.abc import Mapping

from onewindow_shared.contracts.access import reads_cases_counted
from onewindow_shared.contracts.metrics import (
    OF_DISTRICTS,
    OF_PEOPLE,
    OF_REVIEWS,
    OWNERS,
    SUMS_OVER,
    UNITS,
    Facet,
    Metric,
)
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT
from onewindow_shared.plumbing.unit import Unit

Told = dict[Metric, int | None]
"""Counters; None for what is withheld."""


def multiples_for(unit: Unit) -> int | None:
    """Return in multiples of what the actor is told of people's matters; None for the exact numbers."""
    return None if reads_cases_counted(unit.actor.roles) else unit.settings.small_cell


def multiples_of_reviews(unit: Unit) -> int | None:
    """Return in multiples of what everybody is told of reviews; None where none are counted."""
    return unit.settings.small_cell if unit.service in {OWNERS[one] for one in OF_REVIEWS} else None


def uncounted(digits: int) -> frozenset[Metric]:
    """Return what nobody counts of an area, by its digits: some things only a district has."""
    return OF_DISTRICTS if digits > DISTRICT else frozenset()


def tells_none(digits: int, facet: Facet | None = None) -> bool:
    """Say whether 0 is told apart from what is withheld, by an area's digits: not of communities and facets.

    Where few withheld parts are known to be more than nothing, what they add up to can tell each of them.
    """
    return facet is None and digits < COMMUNITY


def told(
    counted: Mapping[Metric, int | None],
    multiple: int | None,
    of_reviews: int | None = None,
    *,
    none: bool = True,
) -> Told:
    """Round counters of people's matters down to multiples, and withhold what is above 0 and under one.

    A sum over what another counter counts is told in proportion to what is told of that one. Counters of
    things are exact, and without `multiple` so is everything but reviews, which have multiples of their own.
    What was rounded before stays as it is. Without `none` 0 is withheld as well; of reviews always, since of
    one closing anything above 0 is that one's review.
    """
    least = {metric: multiple or (of_reviews if metric in OF_REVIEWS else None) for metric in counted}
    shown = {metric: _told(metric, counted, least[metric]) for metric in counted}
    quiet = OF_REVIEWS if none else OF_PEOPLE
    hidden = {metric for metric, n in shown.items() if n == 0 and metric in quiet and least[metric]}
    return {metric: None if metric in hidden else n for metric, n in shown.items()}


def rounded(n: int | None, multiple: int | None) -> int | None:
    """Round one number of people's matters so."""
    if n is None or not multiple:
        return n
    least = n // multiple * multiple if n > 0 else -(-n // multiple * multiple)
    return least if least or not n else None


def _told(metric: Metric, counted: Mapping[Metric, int | None], multiple: int | None) -> int | None:
    n = counted[metric]
    if metric not in OF_PEOPLE or n is None or multiple is None:
        return n
    if metric in SUMS_OVER:
        over = counted.get(SUMS_OVER[metric])
        shown = rounded(over, multiple)
        if over is None or shown is None:
            return None
        n = n * shown // over if over else n
    return rounded(n, multiple * UNITS.get(metric, 1))
