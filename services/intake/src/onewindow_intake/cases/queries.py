"""Statements on cases; the session's scope narrows every one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case, Entry
from onewindow_shared.contracts.common import Code, CommunityCode
from onewindow_shared.contracts.events import CaseProgressed
from onewindow_shared.contracts.intake import Channel, Officer, ServiceCategory
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.problems import NotFound

NEWEST_FIRST = Keyset((Case.id,), newest_first=True)
AS_IT_HAPPENED = Keyset((Entry.at, Entry.id))


@dataclass(frozen=True)
class Filter:
    """Which cases are listed; days are those of receipt, both included."""

    status: CaseStatus | None = None
    item: Code | None = None
    category: ServiceCategory | None = None
    community: CommunityCode | None = None
    channel: Channel | None = None
    first_contact_officer: Officer | None = None
    received_from: date | None = None
    received_to: date | None = None

    def query(self) -> Select[Case]:
        """Return the statement."""
        query = select(Case)
        if self.item is not None:
            query = query.where(Case.item_code == self.item)
        for name in ("status", "category", "community", "channel", "first_contact_officer"):
            if (value := getattr(self, name)) is not None:
                query = query.where(getattr(Case, name) == value)
        if self.received_from is not None:
            query = query.where(Case.received_on >= self.received_from)
        if self.received_to is not None:
            query = query.where(Case.received_on <= self.received_to)
        return query


def of(session: Session, case_no: str, *, to_move: bool = False) -> Case:
    """Return a case within reach, or raise `NotFound`. One that is to be moved waits for its other movers."""
    query = select(Case).where(Case.case_no == case_no)
    if to_move:
        query = query.with_for_update().execution_options(populate_existing=True)
    case = session.scalar(query)
    if case is None:
        raise NotFound(detail="There is no such case within your reach.")
    return case


def waiting_for_notice(session: Session, now: datetime) -> Sequence[Case]:
    """Return the cases in which a notice can still be given."""
    query = select(Case).where(Case.status == CaseStatus.RECEIVED, Case.notice_due_at > now)
    return session.scalars(query.with_for_update()).all()


def progress(session: Session, event: CaseProgressed, ended_on: date | None) -> None:
    """Take over the state that casework tells of, unless a later event was here first."""
    values: dict[str, Any] = {"status": event.status, "ended_on": ended_on, "progressed_at": event.at}
    if event.version is not None:
        values["progressed_version"] = event.version
    if event.due_on is not None:
        values |= {"due_on": event.due_on, "provisional": event.provisional}
    session.execute(
        update(Case)
        .where(Case.case_no == event.case_no, _later(event))
        .values(version=Case.version + 1, **values)
        .execution_options(synchronize_session=False)
    )


def _later(event: CaseProgressed) -> ColumnElement[bool]:
    """Say that an event tells of more than the case has seen: by version, or by time from an older sender."""
    if event.version is not None:
        return or_(Case.progressed_version.is_(None), Case.progressed_version < event.version)
    return or_(Case.progressed_at.is_(None), Case.progressed_at <= event.at)
