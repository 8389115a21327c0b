"""Whose values are whose to tell, and what an heir has of those before it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from onewindow_shared.contracts.areas import AreaChangeKind
from onewindow_shared.contracts.register import UNITS, WEEK, ValueKind

DISTRICTS_OWN = frozenset({ValueKind.POPULATION, ValueKind.HOUSEHOLDS})
"""What statistics tell of an area: no community writes its own."""
ADDED_UP = frozenset(kind for kind in ValueKind if UNITS[kind] != WEEK) - {ValueKind.TRAINING_HOURS}
"""What two areas have together when they become one."""

Values = Mapping[ValueKind, str]


def faults_of(kind: ValueKind, *, by_district: bool, larger: bool) -> dict[str, str]:
    """Say why somebody may not tell a value of this kind of an area."""
    if kind in DISTRICTS_OWN and not by_district:
        return {"kind": "this is told by the district"}
    if kind is ValueKind.CENTRE_AREA and not larger:
        return {"kind": "a street has a service centre"}
    return {}


def handed_on(
    change: AreaChangeKind, before: Sequence[Values], at_successor: Values
) -> dict[ValueKind, str | None]:
    """Return what a change makes of the values of one successor; None where nobody can know any more.

    `before` is what each predecessor had, `at_successor` what the successor itself had if it goes on. Two
    that become one have together what each of both has; what a part has after a split is to be counted
    again; whoever only gets another code keeps what it had.
    """
    kinds = {kind for values in before for kind in values}
    if change is AreaChangeKind.MERGE:
        told = {kind: _together([values.get(kind) for values in before]) for kind in kinds & ADDED_UP}
    elif change is AreaChangeKind.SPLIT:
        told = dict.fromkeys(kinds & ADDED_UP & at_successor.keys())
    else:
        told = {kind: before[0][kind] for kind in kinds}
    return {kind: value for kind, value in told.items() if value != at_successor.get(kind)}


def _together(values: Sequence[str | None]) -> str | None:
    if None in values:
        return None
    total = sum((Decimal(value) for value in values if value is not None), Decimal(0))
    return f"{total.normalize():f}"
