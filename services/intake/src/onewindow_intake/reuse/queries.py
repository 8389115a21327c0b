"""Statements on what somebody handed in before; the session's scope narrows them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case
from onewindow_intake.cases.rules import CAME_TO_NOTHING
from onewindow_shared.plumbing.bulk import table_of

CASES = table_of(Case)
_MAY_BE_USED = (
    CASES.c.consent_reuse,
    CASES.c.consent_withdrawn_at.is_(None),
    CASES.c.status.not_in(CAME_TO_NOTHING),
)
MOST = 20
"""Cases that are looked at, the newest ones."""


def earlier(session: Session, applicant_index: str, district: str, but: str | None) -> Sequence[Case]:
    """Return the cases of an applicant in a district, but one, whose papers they let be used again."""
    query = select(Case).where(
        Case.applicant_index == applicant_index,
        Case.case_no != (but or ""),
        Case.district == district,
        *_MAY_BE_USED,
    )
    return session.scalars(query.order_by(Case.id.desc()).limit(MOST)).all()


def still_agreed(session: Session, case_no: str) -> bool:
    """Say whether papers of a case, which may lie beyond the caller's reach, may be used again.

    Whoever takes the consent back waits for this transaction.
    """
    query = select(CASES.c.id).where(CASES.c.case_no == case_no, *_MAY_BE_USED)
    return session.connection().scalar(query.with_for_update(read=True)) is not None
