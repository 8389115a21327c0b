"""Statements that look for earlier cases; the session's scope narrows every one of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from onewindow_intake.cases.likes import LIKES
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.rules import CAME_TO_NOTHING
from onewindow_intake.duplicates.rules import Traits
from onewindow_shared.plumbing.unit import Unit

MOST = 50


@dataclass(frozen=True)
class Sought:
    """Whose earlier cases are looked for, of which item and in which district."""

    item: str
    district: str
    index: str
    """Blind index of the document."""
    likes: Mapping[str, str | None]
    """Blind indexes of name, mobile and address by their columns; null where it is not known."""
    traits: Traits
    before: int | None = None
    """Cases before this one, by its id; null: all."""

    def may_be(self, row: Any) -> bool:
        """Say whether a case is of this item and district, and of somebody who may be like this one."""
        if (row.item_code, row.district) != (self.item, self.district):
            return False
        return any(value is not None and getattr(row, name) == value for name, value in self.likes.items())


def candidates(session: Session, sought: Sought, since: datetime) -> Sequence[Case]:
    """Return cases of an item in a district whose applicant is the one sought, or may be like them.

    Those of the same document come first, as windows are held to them, however many like ones are newer; then
    the newest.
    """
    index = sought.index
    same = [getattr(Case, name) == value for name, value in sought.likes.items() if value is not None]
    query = select(Case).where(
        Case.item_code == sought.item,
        Case.district == sought.district,
        Case.received_at >= since,
        Case.status.not_in(CAME_TO_NOTHING),
        or_(Case.applicant_index == index, *same),
    )
    if sought.before is not None:
        query = query.where(Case.id < sought.before)
    likest_first = ((Case.applicant_index == index).desc(), Case.id.desc())
    return session.scalars(query.order_by(*likest_first).limit(MOST)).all()


def possible(
    session: Session, people: Sequence[Sought], like: Sequence[Sought], since: datetime
) -> Sequence[Row[Any]]:
    """Return the cases of these people, and of whoever may be like some of them, newest first.

    Of each it is known whose it is, by blind indexes and codes.
    """
    of_these = Case.applicant_index.in_({one.index for one in people})
    may_be = [
        getattr(Case, name).in_(values) & Case.item_code.in_({one.item for one in like})
        for name in LIKES
        if (values := {one.likes[name] for one in like} - {None})
    ]
    whose = (Case.applicant_index, *(getattr(Case, name) for name in LIKES))
    query = select(Case.case_no, Case.community, Case.item_code, Case.district, *whose).where(
        or_(of_these, *may_be),
        Case.item_code.in_({one.item for one in people}),
        Case.district.in_({one.district for one in people}),
        Case.received_at >= since,
        Case.status.not_in(CAME_TO_NOTHING),
    )
    return session.execute(query.order_by(Case.id.desc())).all()


def before(session: Session, posted: Collection[str], since: datetime) -> Sequence[Row[str, Case]]:
    """Return pairs of a posted case's number and an earlier one of the same person and item, oldest first.

    Of a case about whose earlier one the window has decided, none is returned.
    """
    later = aliased(Case)
    same = (Case.applicant_index == later.applicant_index, Case.item_code == later.item_code)
    query = select(later.case_no, Case).where(
        later.case_no.in_(posted),
        later.duplicate_choice_sealed.is_(None),
        *same,
        Case.district == later.district,
        Case.id < later.id,
        Case.received_at >= since,
        Case.status.not_in(CAME_TO_NOTHING),
    )
    return session.execute(query.order_by(Case.id)).all()


def left_open(session: Session, posted: Collection[str]) -> Sequence[Row[Case, Case]]:
    """Return pairs of a case that is not decided about and the earlier one that was found then."""
    earlier = aliased(Case)
    query = select(Case, earlier).join(earlier, earlier.case_no == Case.undecided_about)
    return session.execute(query.where(Case.case_no.in_(posted))).all()


def one_at_a_time(unit: Unit, names: Sequence[str]) -> None:
    """Have others who name one of the same things wait for this transaction; SQLite has one writer anyway."""
    if unit.dialect == "postgresql":
        each = func.unnest(bindparam("names", names, type_=ARRAY(Text())))
        unit.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(each, 0))))
