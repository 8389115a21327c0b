"""What the register and the lists say of an area on a day."""

from collections.abc import Callable
from datetime import date

from onewindow_casework.burden.figures import compared
from onewindow_casework.funding.figures import items_funded
from onewindow_casework.metrics.names import names
from onewindow_casework.metrics.profiles import profiles
from onewindow_shared.contracts.metrics import OF_THE_REGISTER, Metric
from onewindow_shared.contracts.norms import NormHeld
from onewindow_shared.plumbing.figures import Computed, Reading, as_copied
from onewindow_shared.plumbing.reference import communities_at
from onewindow_shared.plumbing.rollups import Counted
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit


def computing(unit: Unit) -> Computed:
    """Read the register and the lists, and return what they say of an area on a day."""
    communities, register, items = communities_at(unit), profiles(unit), items_funded(unit)
    burden = compared(unit, communities)

    def of(area: str, day: date) -> Counted:
        here = communities(area, day)
        known = register.figures(here, day)
        counted = {Metric.COMMUNITIES: len(here), **dict.fromkeys(OF_THE_REGISTER, 0), **known}
        counted |= burden(area, day)
        if len(area) == DISTRICT:
            counted[Metric.ITEMS_TO_FUND], counted[Metric.ITEMS_FUNDED] = items(area, day)
        return counted

    return of


def populations(unit: Unit) -> Callable[[str, date], int | None]:
    """Read the register, and return how many residents an area had on a day."""
    communities, register, copied = communities_at(unit), profiles(unit), as_copied(unit)

    def of(area: str, day: date) -> int | None:
        found = register.population(area, communities(area, day), day)
        return copied(area, day) if found is None else found

    return of


def norms(unit: Unit) -> Callable[[str, date, date], list[NormHeld]]:
    """Read the norm profile, and return what of it the figures of an area and a period are held against."""
    communities, register = communities_at(unit), profiles(unit)

    def of(area: str, first: date, last: date) -> list[NormHeld]:
        return register.held(communities(area, last), first, last)

    return of


READING = Reading(computing, populations, names, norms)
