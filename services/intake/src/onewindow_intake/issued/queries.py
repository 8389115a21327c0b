"""Statements on what documents are written from."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Entry
from onewindow_intake.issued.rules import ISSUED, Happened
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import Acting


def issuing(session: Session, case_no: str) -> list[Happened]:
    """Return the latest step of each kind and state that left documents, oldest first."""
    left = select(func.max(Entry.id)).where(Entry.case_no == case_no, Entry.step.in_(ISSUED))
    query = select(Entry).where(Entry.id.in_(left.group_by(Entry.step, Entry.status)))
    return [happened(entry) for entry in session.scalars(query.order_by(Entry.at, Entry.id))]


def happened(entry: Entry) -> Happened:
    """Return a step of a case's history."""
    return Happened(
        entry.step,
        CaseStatus(entry.status),
        entry.at,
        entry.by,
        Acting(entry.acting) if entry.acting else None,
        entry.reason_sealed,
    )
