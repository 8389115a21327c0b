"""Finding cases, and showing them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated

from fastapi import Query
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from onewindow_casework.assignment.queries import answerable, followed, stood_in_for
from onewindow_casework.delays import queries as delays
from onewindow_casework.delivery import showing
from onewindow_casework.handling.models import REASONS, CaseFile, Decision
from onewindow_casework.steps.models import CaseStep
from onewindow_casework.supervision import lamps
from onewindow_shared.contracts.casework import (
    CaseFileOut,
    CaseRow,
    DecisionOut,
    Officer,
    Outcome,
    Subject,
)
from onewindow_shared.contracts.common import Code, CommunityCode, Page
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.steps import StepState
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit


class Order(StrEnum):
    """Orders of a list."""

    DUE = "due"
    """By promised date, the most urgent first."""
    NEWEST = "newest"


KEYSETS = {
    Order.DUE: Keyset((CaseFile.promised_due_on, CaseFile.id)),
    Order.NEWEST: Keyset((CaseFile.id,), newest_first=True),
}


@dataclass(frozen=True)
class Filters:
    """Which cases a list is of; a dependency of the list's route."""

    open: Annotated[bool | None, Query(description="Only cases before, or at, their end")] = None
    status: Annotated[CaseStatus | None, Query()] = None
    department: Annotated[Code | None, Query()] = None
    community: Annotated[CommunityCode | None, Query()] = None
    assignee: Annotated[
        Subject | None,
        Query(description="Account in charge; or `me`, and whomever one stands in for"),
    ] = None
    unassigned: Annotated[bool, Query(description="Only open ones that nobody is in charge of")] = False
    overdue: Annotated[bool | None, Query()] = None
    lamp: Annotated[Lamp | None, Query(description="Only open cases whose lamp is this one now")] = None
    followed: Annotated[
        bool, Query(description="Only such as one was asked first, nobody has taken over")
    ] = False
    due_before: Annotated[date | None, Query(description="Promised before this day")] = None
    order: Annotated[Order, Query()] = Order.DUE


@cache
def _whole() -> tuple[ExecutableOption, ...]:
    """Have what is shown of a case and lies in rows of its own come with it."""
    return joinedload(CaseFile.decision), joinedload(CaseFile.delivery)


def find(unit: Unit, case_no: str) -> CaseFile:
    """Return a case within the actor's reach, or raise `NotFound`."""
    return must_find(unit.session, _by_number(case_no).options(*_whole()))


def locked(unit: Unit, case_no: str) -> CaseFile:
    """Return a case as `find` does, and keep other writers from it until this transaction ends."""
    return must_find(unit.session, _by_number(case_no).with_for_update())


def locked_whole(unit: Unit, case_no: str) -> CaseFile:
    """Return a case as `locked` does, with the rows that belong to it.

    These are as they were before any wait for the lock: right if the case's version is the one expected,
    since nothing of it changes without its version.
    """
    query = _by_number(case_no).options(*_whole())
    return must_find(unit.session, query.with_for_update(of=CaseFile))


def all_locked(unit: Unit, numbers: Collection[str], *options: ExecutableOption) -> Sequence[CaseFile]:
    """Return those cases of a sweep that there are, by id, and keep other writers from them."""
    query = select(CaseFile).where(CaseFile.case_no.in_(numbers)).order_by(CaseFile.id)
    return unit.session.scalars(query.options(*options).with_for_update()).all()


def _by_number(case_no: str) -> Select[CaseFile]:
    return select(CaseFile).where(CaseFile.case_no == case_no)


def open_between(first: date, last: date) -> Select[CaseFile]:
    """Select the open cases that may have a day from `first` to `last` within their limits.

    The limit of a step that runs may end after the case's own: the outcome is delivered after it was decided.
    """
    runs = CaseStep.state.in_([StepState.RUNNING, StepState.TO_CHECK, StepState.PUT_UP])
    reaches = or_(CaseFile.statutory_due_on >= first, CaseFile.steps.any(runs))
    return (
        select(CaseFile)
        .where(CaseFile.open, CaseFile.accepted_on <= last, reaches)
        .options(selectinload(CaseFile.suspensions), selectinload(CaseFile.extension))
    )


def several(unit: Unit, wanted: Wanted, filters: Filters) -> Page[CaseRow]:
    """Return a page of the cases within the actor's reach."""
    query = _filtered(unit, select(CaseFile), filters)
    bound = f"cases {unit.actor.subject} {filters}"
    return page(
        unit, query, KEYSETS[filters.order], wanted, bound=bound, show=lambda case: show_row(unit, case)
    )


def _filtered(unit: Unit, query: Select[CaseFile], filters: Filters) -> Select[CaseFile]:
    query = query.where(*_by_charge(unit, filters))
    if filters.open is not None:
        query = query.where(CaseFile.open if filters.open else ~CaseFile.open)
    if filters.overdue is not None:
        query = query.where(CaseFile.overdue if filters.overdue else ~CaseFile.overdue)
    if filters.lamp is not None:
        query = query.where(lamps.lit(unit, filters.lamp))
    if filters.due_before is not None:
        query = query.where(CaseFile.promised_due_on < filters.due_before)
    if filters.community is not None:
        query = query.where(within(CaseFile, unit.gathered(filters.community)))
    exact = {"status": filters.status, "department": filters.department}
    return query.filter_by(**{name: value for name, value in exact.items() if value is not None})


def _by_charge(unit: Unit, filters: Filters) -> Iterator[ColumnElement[bool]]:
    me = unit.actor.subject
    if filters.followed:
        yield and_(CaseFile.open, followed(me))
    if filters.unassigned:
        yield and_(CaseFile.open, CaseFile.handler.is_(None))
    if filters.assignee is not None:
        those = stood_in_for(unit, me) if filters.assignee == "me" else [filters.assignee]
        yield CaseFile.handler.in_(those)


def show_row(unit: Unit, case: CaseFile) -> CaseRow:
    """Return a case as a line of a list."""
    return CaseRow(
        version=case.version,
        case_no=case.case_no,
        item_name=case.item_name,
        department=case.department,
        community=case.community,
        applicant=case.applicant_masked,
        status=CaseStatus(case.status),
        accepted_on=case.accepted_on,
        promised_due_on=case.promised_due_on,
        provisional=case.promised_provisional,
        overdue=case.overdue,
        lamp=lamps.of_case(unit, case),
        handler=_handler(case),
    )


def show(unit: Unit, case: CaseFile) -> CaseFileOut:
    """Return a case with all that is known of it; people are masked."""
    return CaseFileOut(
        **dict(show_row(unit, case)),
        answerable=answerable(unit, case),
        item_code=case.item_code,
        item_version=case.item_version,
        category=case.category,
        channel=case.channel,
        first_contact_officer=case.first_contact_officer,
        first_contact_released_at=case.first_contact_released_at,
        agency_requested=case.agency_requested,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        promised_days=case.promised_days,
        statutory_days=case.statutory_days,
        statutory_due_on=case.statutory_due_on,
        statutory_provisional=case.statutory_provisional,
        calendar_version=case.calendar_version,
        decision=_decision(unit, case.decision) if case.decision else None,
        delivery=showing.delivery(unit, case.delivery) if case.delivery else None,
        closed_at=case.closed_at,
        on_time=case.on_time,
        reopened_at=case.reopened_at,
        delay=delays.show(unit, delays.latest(unit, case)),
    )


def _handler(case: CaseFile) -> Officer | None:
    if case.handler is None or case.handler_name is None:
        return None
    return Officer(subject=case.handler, name=case.handler_name)


def _decision(unit: Unit, decision: Decision) -> DecisionOut:
    return DecisionOut(
        outcome=Outcome(decision.outcome),
        reasons=unit.vault.opened(decision.reasons_sealed, purpose=REASONS),
        remedies=decision.remedies,
        decided_at=decision.decided_at,
        decided_by=decision.decided_by_name,
    )
