"""Counting the sizes of the lists (rules C5, AD1), and counting them again."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import func, select

from onewindow_casework.lists.models import ListEntry
from onewindow_casework.lists.queries import lasting
from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit

COUNTED: Mapping[str, Metric] = {
    MatterClass.AUTONOMY: Metric.LISTED_AUTONOMY,
    MatterClass.ASSIST: Metric.LISTED_ASSIST,
    MatterClass.PURCHASE: Metric.LISTED_PURCHASE,
}


def grown(before: Counter[str], after: Counter[str]) -> Iterator[tuple[Metric, int]]:
    """Yield by how much each class of a list is larger than that of the version before."""
    for matter_class, metric in COUNTED.items():
        yield metric, after[matter_class] - before[matter_class]


def listed(unit: Unit) -> Iterator[tuple[Metric, date, str, str, int]]:
    """Yield metric, day, item, area and number of every growth of a list."""
    sizes: dict[int, Counter[str]] = {}
    query = select(ListEntry.list_id, ListEntry.matter_class, func.count()).group_by(
        ListEntry.list_id, ListEntry.matter_class
    )
    for list_id, matter_class, n in unit.session.execute(query):
        sizes.setdefault(list_id, Counter())[matter_class] = n
    before: dict[str, Counter[str]] = {}
    for version in unit.session.scalars(lasting()):
        after = sizes.get(version.id, Counter())
        for metric, n in grown(before.get(version.district, Counter()), after):
            yield metric, version.effective_from, "", version.district, n
        before[version.district] = after
