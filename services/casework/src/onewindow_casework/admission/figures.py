"""Counting the figures of applications again from what happened to them."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from onewindow_casework.admission.models import ItemStep, Meeting, WorkItem
from onewindow_shared.contracts.admission_life import ItemAction
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day


def admitted(unit: Unit) -> Iterator[tuple[Metric, date, str, str, int]]:
    """Yield metric, day, item, area and number of every decision, and of every forbidden attempt."""
    query = select(Meeting.decided_at, Meeting.on_time, WorkItem.district)
    for at, on_time, district in unit.session.execute(query.join(WorkItem, WorkItem.id == Meeting.item_id)):
        day = local_day(at, unit.zone)
        yield Metric.ADMISSIONS_DECIDED, day, "", district, 1
        yield Metric.ADMISSIONS_DECIDED_ON_TIME, day, "", district, int(on_time)
    forbidden = (
        select(ItemStep.at, ItemStep.note, WorkItem.district)
        .join(WorkItem, WorkItem.id == ItemStep.item_id)
        .where(ItemStep.step == ItemAction.REJECT_AT_ONCE)
    )
    for at, matters, district in unit.session.execute(forbidden):
        for matter in (matters or "").split():
            yield Metric.ADMISSION_FORBIDDEN, local_day(at, unit.zone), matter, district, 1
