"""What the register says of an area on a day."""

from collections.abc import Callable
from datetime import date

from onewindow_casework.metrics.profiles import profiles
from onewindow_shared.contracts.metrics import OF_THE_REGISTER, Metric
from onewindow_shared.plumbing.figures import Computed, as_copied
from onewindow_shared.plumbing.reference import communities_at
from onewindow_shared.plumbing.rollups import Counted
from onewindow_shared.plumbing.unit import Unit


def computing(unit: Unit) -> Computed:
    """Read the register, and return what it says of an area on a day."""
    communities, register = communities_at(unit), profiles(unit)

    def of(area: str, day: date) -> Counted:
        here = communities(area, day)
        known = register.figures(here, day)
        return {Metric.COMMUNITIES: len(here), **dict.fromkeys(OF_THE_REGISTER, 0), **known}

    return of


def populations(unit: Unit) -> Callable[[str, date], int | None]:
    """Read the register, and return how many residents an area had on a day."""
    communities, register, copied = communities_at(unit), profiles(unit), as_copied(unit)

    def of(area: str, day: date) -> int | None:
        found = register.population(area, communities(area, day), day)
        return copied(area, day) if found is None else found

    return of
