"""Statements that count cases again from the cases themselves."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from onewindow_intake.cases.models import Case
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import delta
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit


def recount(unit: Unit) -> list[dict[str, Any]]:
    """Count every metric of this service again, by day, item and community."""
    return list(_counted(unit.session))


def _counted(session: Session) -> Iterator[dict[str, Any]]:
    refused = Case.status == CaseStatus.NOT_ACCEPTED
    yield from _by_day(session, Metric.CASES_RECEIVED, Case.received_on, true())
    yield from _by_day(session, Metric.CASES_ACCEPTED, Case.accepted_on, Case.accepted_on.is_not(None))
    yield from _by_day(session, Metric.CASES_NOT_ACCEPTED, Case.ended_on, refused)


def _by_day(
    session: Session, metric: Metric, day: InstrumentedAttribute[Any], counts: ColumnElement[bool]
) -> Iterator[dict[str, Any]]:
    keys = (day, Case.item_code, Case.community)
    for on, item, community, n in session.execute(select(*keys, func.count()).where(counts).group_by(*keys)):
        yield delta(metric, on, item, n, place(community))
