"""Statements on tolerant acceptances; the session's scope narrows them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case
from onewindow_intake.tolerance.models import TolerantAcceptance
from onewindow_shared.contracts.lifecycle import CaseStatus


def waiting(session: Session, now: datetime) -> Sequence[Row[Case, TolerantAcceptance]]:
    """Return the cases whose applicant still has time for what was promised, each with the promise."""
    query = select(Case, TolerantAcceptance).join(
        TolerantAcceptance, TolerantAcceptance.case_no == Case.case_no
    )
    due = (Case.status == CaseStatus.TOLERANT_ACCEPTED, Case.supplement_due_at > now)
    return session.execute(query.where(*due).with_for_update()).all()
