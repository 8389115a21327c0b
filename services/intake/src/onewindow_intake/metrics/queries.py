"""Statements that count cases again from the cases themselves, their history and what was refused."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from onewindow_intake.cases.models import Case, Entry, Notice
from onewindow_intake.cases.service import SECOND_DEMAND
from onewindow_intake.contacts.models import Contact
from onewindow_intake.handoffs.models import Offer
from onewindow_shared.contracts.handoffs import HandOffState
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.guesses import WRONG
from onewindow_shared.plumbing.rollups import delta
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

AT_ONCE = 5000


def recount(unit: Unit) -> list[dict[str, Any]]:
    """Count every metric of this service again, by day, item and community."""
    return [*_counted(unit.session), *_by_moment(unit)]


def _by_moment(unit: Unit) -> Iterator[dict[str, Any]]:
    """Count what is known by its moment; its day is the district's."""
    asked, refused = Notice.issued_at, AuditRecord.at
    notices = select(asked, Case.item_code, Case.community).join(Case, Case.case_no == Notice.case_no)
    yield from _moments(unit, Metric.CASES_DEEMED_ACCEPTED, _step("deemed_accepted"))
    yield from _moments(unit, Metric.CASES_TOLERANTLY_ACCEPTED, _step("tolerant_accepted"))
    yield from _moments(unit, Metric.CASES_CLOSED_INSTANTLY, _step("decided_at_once"))
    yield from _moments(unit, Metric.CORRECTIONS_ASKED, notices)
    yield from _moments(unit, Metric.CORRECTIONS_ASKED_IN_TIME, notices.where(Notice.in_time))
    demands = select(refused, Case.item_code, Case.community).join(
        Case, Case.case_no == AuditRecord.entity_id
    )
    contacts = select(Contact.at, literal(""), Contact.community)
    yield from _moments(unit, Metric.CONTACTS_TAKEN, contacts)
    yield from _moments(unit, Metric.CONTACTS_SETTLED, contacts.where(Contact.outcome.is_not(None)))
    bounces = select(Offer.settled_at, literal(""), Offer.community).where(
        Offer.state == HandOffState.BOUNCED
    )
    yield from _moments(unit, Metric.HANDOFFS_BOUNCED, bounces)
    yield from _moments(unit, Metric.SECOND_DEMANDS, demands.where(AuditRecord.action == SECOND_DEMAND))
    guesses = select(refused, literal(""), func.coalesce(AuditRecord.area, "")).where(
        AuditRecord.action.endswith(WRONG)
    )
    yield from _moments(unit, Metric.CODES_WRONG, guesses)


def _step(step: str) -> Select[datetime, str, str]:
    query = select(Entry.at, Case.item_code, Case.community)
    return query.join(Case, Case.case_no == Entry.case_no).where(Entry.step == step)


def _moments(unit: Unit, metric: Metric, query: Select[Any, str, str]) -> Iterator[dict[str, Any]]:
    counted: Counter[tuple[date, str, str]] = Counter()
    at: datetime
    for at, item, community in unit.session.execute(query.execution_options(yield_per=AT_ONCE)):
        counted[local_day(at, unit.zone), item, community] += 1
    for (day, item, community), n in sorted(counted.items()):
        yield delta(metric, day, item, n, place(community))


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
