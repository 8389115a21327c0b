"""Statements that look for earlier cases; the session's scope narrows every one of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from onewindow_intake.cases.models import Case
from onewindow_intake.cases.rules import CAME_TO_NOTHING
from onewindow_shared.plumbing.unit import Unit

MOST = 50


def candidates(
    session: Session, item: str, district: str, since: datetime, index: str, likes: Mapping[str, str | None]
) -> Sequence[Case]:
    """Return cases of an item in a district whose applicant is like the one with these indexes.

    The same are the document (`index`) or one of `likes`: name, mobile and address. Those of the document
    come first, as windows are held to them, however many like ones are newer; then the newest.
    """
    same = [getattr(Case, name) == value for name, value in likes.items() if value is not None]
    query = select(Case).where(
        Case.item_code == item,
        Case.district == district,
        Case.received_at >= since,
        Case.status.not_in(CAME_TO_NOTHING),
        or_(Case.applicant_index == index, *same),
    )
    likest_first = ((Case.applicant_index == index).desc(), Case.id.desc())
    return session.scalars(query.order_by(*likest_first).limit(MOST)).all()


def exact(
    session: Session, people: Sequence[tuple[str, str, str]], since: datetime
) -> Sequence[Row[str, str, str, str, str]]:
    """Return the cases of these people, items and districts, by blind index and codes, newest first."""
    indexes, items, districts = zip(*people, strict=True)
    query = select(Case.applicant_index, Case.item_code, Case.district, Case.case_no, Case.community).where(
        Case.applicant_index.in_(indexes),
        Case.item_code.in_(items),
        Case.district.in_(districts),
        Case.received_at >= since,
        Case.status.not_in(CAME_TO_NOTHING),
    )
    return session.execute(query.order_by(Case.id.desc())).all()


def before(session: Session, posted: Collection[str], since: datetime) -> Sequence[Row[str, Case]]:
    """Return pairs of a posted case's number and an earlier one of the same person and item, oldest first."""
    later = aliased(Case)
    same = (Case.applicant_index == later.applicant_index, Case.item_code == later.item_code)
    query = select(later.case_no, Case).where(
        later.case_no.in_(posted),
        *same,
        Case.district == later.district,
        Case.id < later.id,
        Case.received_at >= since,
        Case.status.not_in(CAME_TO_NOTHING),
    )
    return session.execute(query.order_by(Case.id)).all()


def one_at_a_time(unit: Unit, names: Sequence[str]) -> None:
    """Have others who name one of the same things wait for this transaction; SQLite has one writer anyway."""
    if unit.dialect == "postgresql":
        each = func.unnest(bindparam("names", names, type_=ARRAY(Text())))
        unit.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(each, 0))))
