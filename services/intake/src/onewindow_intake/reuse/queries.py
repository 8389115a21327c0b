"""Statements on what somebody handed in before; the session's scope narrows them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case
from onewindow_intake.duplicates.queries import CAME_TO_NOTHING

MOST = 20
"""Cases that are looked at, the newest ones."""


def earlier(session: Session, applicant_index: str, district: str, but: str | None) -> Sequence[Case]:
    """Return the cases of an applicant in a district, but one, whose papers they let be used again."""
    query = select(Case).where(
        Case.applicant_index == applicant_index,
        Case.case_no != (but or ""),
        Case.district == district,
        Case.consent_reuse,
        Case.consent_withdrawn_at.is_(None),
        Case.status.not_in(CAME_TO_NOTHING),
    )
    return session.scalars(query.order_by(Case.id.desc()).limit(MOST)).all()
