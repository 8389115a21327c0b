"""Statements on what documents are written from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Entry
from onewindow_intake.issued.rules import Happened
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import Acting


def history(session: Session, case_no: str) -> list[Happened]:
    """Return what happened to a case, oldest first."""
    query = select(Entry).where(Entry.case_no == case_no).order_by(Entry.at, Entry.id)
    return [
        Happened(
            entry.step,
            CaseStatus(entry.status),
            entry.at,
            entry.by,
            Acting(entry.acting) if entry.acting else None,
            entry.reason_sealed,
        )
        for entry in session.scalars(query)
    ]
