"""Statements that count cases again from the cases themselves, their history and what was refused."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from onewindow_intake.cases.models import Case, Entry, Notice
from onewindow_intake.cases.service import SECOND_DEMAND
from onewindow_intake.contacts.models import Contact
from onewindow_intake.contacts.rules import counted_by
from onewindow_intake.handoffs.models import Offer
from onewindow_shared.contracts.handoffs import HandOffState
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.guesses import WRONG
from onewindow_shared.plumbing.rollups import CLASSIFIED, Facets, delta, facets_of
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

AT_ONCE = 5000
OF_A_CASE = (Case.community, *(getattr(Case, name) for name in CLASSIFIED))


def recount(unit: Unit) -> list[dict[str, Any]]:
    """Count every metric of this service again, by day, item and community."""
    return [*_counted(unit.session), *_by_moment(unit)]


def _by_moment(unit: Unit) -> Iterator[dict[str, Any]]:
    """Count what is known by its moment; its day is the district's."""
    notices = select(Notice.issued_at.label("at"), *OF_A_CASE).join(Case, Case.case_no == Notice.case_no)
    yield from _moments(unit, Metric.CASES_DEEMED_ACCEPTED, _step("deemed_accepted"))
    yield from _moments(unit, Metric.CASES_TOLERANTLY_ACCEPTED, _step("tolerant_accepted"))
    yield from _moments(unit, Metric.CASES_CLOSED_INSTANTLY, _step("decided_at_once"))
    yield from _moments(unit, Metric.CORRECTIONS_ASKED, notices)
    yield from _moments(unit, Metric.CORRECTIONS_ASKED_IN_TIME, notices.where(Notice.in_time))
    refused = AuditRecord.at.label("at")
    demands = select(refused, *OF_A_CASE).join(Case, Case.case_no == AuditRecord.entity_id)
    contacts = select(Contact.at, Contact.community, Contact.channel, Contact.officer)
    yield from _moments(unit, Metric.CONTACTS_TAKEN, contacts)
    yield from _moments(unit, Metric.CONTACTS_SETTLED, contacts.where(Contact.outcome.is_not(None)))
    bounces = select(Offer.settled_at.label("at"), Offer.community).where(Offer.state == HandOffState.BOUNCED)
    yield from _moments(unit, Metric.HANDOFFS_BOUNCED, bounces)
    yield from _moments(unit, Metric.SECOND_DEMANDS, demands.where(AuditRecord.action == SECOND_DEMAND))
    guesses = select(refused, func.coalesce(AuditRecord.area, "").label("community")).where(
        AuditRecord.action.endswith(WRONG)
    )
    yield from _moments(unit, Metric.CODES_WRONG, guesses)


def _step(step: str) -> Select[*tuple[Any, ...]]:
    query = select(Entry.at, *OF_A_CASE)
    return query.join(Case, Case.case_no == Entry.case_no).where(Entry.step == step)


def _moments(unit: Unit, metric: Metric, query: Select[*tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Count moments by day, community and what a case or a contact is counted by."""
    counted: Counter[tuple[date, str, Facets]] = Counter()
    for row in unit.session.execute(query.execution_options(yield_per=AT_ONCE)):
        by = _facets(row)
        counted[local_day(row.at, unit.zone), row.community, by] += 1
    for (day, community, by), n in counted.items():
        yield delta(metric, day, by, n, place(community))


def _facets(row: Any) -> Facets:
    if "item_code" in row._fields:
        return facets_of(row)
    return counted_by(row.channel, row.officer) if "officer" in row._fields else Facets()


def _counted(session: Session) -> Iterator[dict[str, Any]]:
    refused = Case.status == CaseStatus.NOT_ACCEPTED
    yield from _by_day(session, Metric.CASES_RECEIVED, Case.received_on, true())
    yield from _by_day(session, Metric.CASES_ACCEPTED, Case.accepted_on, Case.accepted_on.is_not(None))
    yield from _by_day(session, Metric.CASES_NOT_ACCEPTED, Case.ended_on, refused)


def _by_day(
    session: Session, metric: Metric, day: InstrumentedAttribute[Any], counts: ColumnElement[bool]
) -> Iterator[dict[str, Any]]:
    keys = (day, *OF_A_CASE)
    for row in session.execute(select(*keys, func.count()).where(counts).group_by(*keys)):
        yield delta(metric, row[0], facets_of(row), row[-1], place(row.community))
