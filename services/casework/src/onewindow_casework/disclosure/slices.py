"""What every community is to publish becomes due a slice of them at a time, each in its own transaction."""

from collections.abc import Sequence

from onewindow_shared.plumbing.reference import Area, communities_in
from onewindow_shared.plumbing.unit import Unit

SLICE = 100
"""Communities that one timer comes to."""


def slice_of(unit: Unit, kind: str, key: str, area: str) -> Sequence[str]:
    """Return the communities of an area that a timer comes to, and have the next timer come to those after.

    The key of a timer is what it is about, and after a colon the last community of the slice before.
    """
    about, _, after = key.partition(":")
    found = unit.session.scalars(communities_in(unit, area).where(Area.code > after).limit(SLICE)).all()
    if len(found) == SLICE:
        unit.set_timer(kind, f"{about}:{found[-1]}", unit.now)
    return found
