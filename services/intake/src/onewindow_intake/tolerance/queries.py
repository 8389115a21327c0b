"""Statements on tolerant acceptances; the session's scope narrows them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case
from onewindow_intake.tolerance.models import TolerantAcceptance
from onewindow_intake.tolerance.rules import Deferred
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.unit import Unit


def waiting(session: Session, now: datetime) -> Sequence[Row[Case, TolerantAcceptance]]:
    """Return the cases whose applicant owes nothing yet or still has time for it, each with the promise."""
    query = select(Case, TolerantAcceptance).join(
        TolerantAcceptance, TolerantAcceptance.case_no == Case.case_no
    )
    in_time = or_(Case.supplement_due_at > now, Case.supplement_due_at.is_(None))
    query = query.where(Case.status == CaseStatus.TOLERANT_ACCEPTED, in_time)
    return session.execute(query.with_for_update()).all()


def deferred_papers(unit: Unit, case: Case) -> list[Deferred]:
    """Return the papers that were to come later."""
    promise = unit.session.get_one(TolerantAcceptance, case.case_no)
    return [Deferred.of(row) for row in promise.deferred]
