"""Counting the figures of what weighs on communities again from what was recorded (rules C5, AD6)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from onewindow_casework.burden import rules
from onewindow_casework.burden.models import BurdenRecord
from onewindow_shared.contracts.burden import BurdenKind
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, str, str, int]]:
    """Yield metric, day, item, community and number of every figure that is compared with another year's."""
    recorded: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    columns = (BurdenRecord.community, BurdenRecord.kind, BurdenRecord.year, BurdenRecord.count)
    for community, kind, year, n in unit.session.execute(select(*columns)):
        recorded[community, kind][year] = n
    for (community, kind), by_year in recorded.items():
        for metric, day, n in rules.change(BurdenKind(kind), {}, by_year):
            yield metric, day, "", community, n
