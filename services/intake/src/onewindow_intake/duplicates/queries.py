"""Statements that look for earlier cases; the session's scope narrows every one of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.unit import Unit

MOST = 50
CAME_TO_NOTHING = (
    CaseStatus.NOT_ACCEPTED,
    CaseStatus.WITHDRAWN,
    CaseStatus.DEEMED_WITHDRAWN,
    CaseStatus.ACCEPTANCE_REVOKED,
)
"""After these an application is made again with good reason."""


def candidates(
    session: Session, item: str, since: datetime, index: str, likes: Mapping[str, str | None]
) -> Sequence[Case]:
    """Return the newest cases of an item whose applicant has the same document, name, mobile or address."""
    same = [getattr(Case, name) == value for name, value in likes.items() if value is not None]
    query = select(Case).where(
        Case.item_code == item,
        Case.received_at >= since,
        Case.status.not_in(CAME_TO_NOTHING),
        or_(Case.applicant_index == index, *same),
    )
    return session.scalars(query.order_by(Case.id.desc()).limit(MOST)).all()


def exact(
    session: Session, people: Sequence[tuple[str, str]], since: datetime
) -> Sequence[Row[str, str, str, str]]:
    """Return where the cases of these people and items are, by blind index and item code, oldest first."""
    indexes, items = zip(*people, strict=True)
    query = select(Case.applicant_index, Case.item_code, Case.case_no, Case.community).where(
        Case.applicant_index.in_(indexes),
        Case.item_code.in_(items),
        Case.received_at >= since,
        Case.status.not_in(CAME_TO_NOTHING),
    )
    return session.execute(query.order_by(Case.id)).all()


def one_at_a_time(unit: Unit, names: Sequence[str]) -> None:
    """Have others who name one of the same things wait for this transaction; SQLite has one writer anyway."""
    if unit.dialect == "postgresql":
        each = func.unnest(bindparam("names", names, type_=ARRAY(Text())))
        unit.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(each, 0))))
