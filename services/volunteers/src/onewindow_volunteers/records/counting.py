"""Figures of service records: as they end, are confirmed, doubted, and counted again (rules C5: V4, V5)."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import exists, func, select

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.service_evaluations import EvaluatedBy
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.evaluations.models import ServiceEvaluation
from onewindow_volunteers.records.models import HourEntry, ServiceRecord

AT_ONCE = 5000
_EVALUATED = (
    exists()
    .where(
        ServiceEvaluation.record_id == ServiceRecord.id,
        ServiceEvaluation.side == EvaluatedBy.ORGANISATION,
        ServiceEvaluation.evaluated_on <= ServiceRecord.due_on,
    )
    .correlate(ServiceRecord)
)
"""Whether the organisation said by the last day for it how well the service was done."""


def count_ended(unit: Unit, record: ServiceRecord) -> None:
    """Count a service that is over."""
    unit.count(Metric.RECORDS_ENDED, community=record.community, day=record.day)


def count_confirmed(unit: Unit, record: ServiceRecord, n: int = 1) -> None:
    """Count a record that was confirmed in time; with -1, take it out again."""
    if _in_time(record):
        unit.count(Metric.RECORDS_IN_TIME, n, community=record.community, day=record.day)
        if unit.session.scalar(select(_EVALUATED).where(ServiceRecord.id == record.id)):
            unit.count(Metric.RECORDS_EVALUATED_IN_TIME, n, community=record.community, day=record.day)


def count_evaluated(unit: Unit, record: ServiceRecord) -> None:
    """Count that the organisation evaluates a service, if that and the record are in time."""
    if _in_time(record) and unit.today <= record.due_on:
        unit.count(Metric.RECORDS_EVALUATED_IN_TIME, community=record.community, day=record.day)


def count_minutes(unit: Unit, record: ServiceRecord, before: int, minutes: int) -> None:
    """Count the minutes that a record has now, instead of those that it had, and whether it has any."""
    came = bool(minutes) - bool(before)
    for metric, n in ((Metric.SERVICE_MINUTES, minutes - before), (Metric.RECORDS_CONFIRMED, came)):
        if n:
            unit.count(metric, n, community=record.community, day=record.day)


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, str, int]]:
    """Yield metric, day, community and number of everything that was counted."""
    over = select(ServiceRecord, _EVALUATED).where(ServiceRecord.left_at.is_not(None))
    for record, evaluated in unit.session.execute(over.execution_options(yield_per=AT_ONCE)):
        yield Metric.RECORDS_ENDED, record.day, record.community, 1
        if _in_time(record):
            yield Metric.RECORDS_IN_TIME, record.day, record.community, 1
            yield Metric.RECORDS_EVALUATED_IN_TIME, record.day, record.community, int(evaluated)
    minutes = func.sum(HourEntry.minutes)
    given = select(ServiceRecord.day, ServiceRecord.community, minutes.label("minutes"))
    given = given.join(HourEntry, HourEntry.record_id == ServiceRecord.id)
    counting = given.group_by(ServiceRecord.id, ServiceRecord.day, ServiceRecord.community)
    for row in unit.session.execute(counting.having(minutes != 0).execution_options(yield_per=AT_ONCE)):
        yield Metric.SERVICE_MINUTES, row.day, row.community, int(row.minutes)
        yield Metric.RECORDS_CONFIRMED, row.day, row.community, 1


def _in_time(record: ServiceRecord) -> bool:
    return record.confirmed_on is not None and record.confirmed_on <= record.due_on
