"""Counting volunteers from the record of what happened to them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import Facets, delta
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day
from onewindow_volunteers.people.queries import every_step
from onewindow_volunteers.people.rules import figures


def recount(unit: Unit) -> Sequence[dict[str, Any]]:
    """Return how the number of registered volunteers changed by community and day."""
    changes: Counter[tuple[str, Any]] = Counter()
    for at, change in every_step(unit.session):
        for community, n in figures(change):
            changes[community, local_day(at, unit.zone)] += n
    return [
        delta(Metric.VOLUNTEERS_REGISTERED, day, Facets(), n, place(community))
        for (community, day), n in sorted(changes.items())
        if n
    ]
