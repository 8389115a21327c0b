"""Statements on tracked cases."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case, Entry


def case(session: Session, case_no: str) -> Case | None:
    """Return a case by its number."""
    return session.scalar(select(Case).where(Case.case_no == case_no))


def entries(session: Session, case_no: str) -> Sequence[Entry]:
    """Return what happened to a case, oldest first."""
    query = select(Entry).where(Entry.case_no == case_no).order_by(Entry.at, Entry.id)
    return session.scalars(query).all()
