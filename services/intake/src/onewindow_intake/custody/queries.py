"""Statements on originals; the session's scope narrows every one of them."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from onewindow_intake.custody.models import Paper
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT, STREET

OLDEST_FIRST = Keyset((Paper.id,))


def of(session: Session, case_no: str, original_id: int) -> Paper:
    """Return an original of a case, or raise `NotFound`."""
    query = select(Paper).where(Paper.case_no == case_no, Paper.id == original_id)
    return must_find(
        session,
        query.execution_options(populate_existing=True),
        "There is no such original within your reach.",
    )


def of_case(case_no: str) -> Select[Paper]:
    """Return the originals of a case."""
    return select(Paper).where(Paper.case_no == case_no)


def held(area: AreaCode | None) -> Select[Paper]:
    """Return the originals that are not returned yet, of an area if one is named: its own and taken in."""
    query = select(Paper).where(Paper.returned_at.is_(None))
    if area is None:
        return query
    level = {DISTRICT: "district", STREET: "street", COMMUNITY: "community"}[len(area)]
    there = (getattr(Paper, level), getattr(Paper, f"accepting_{level}"))
    return query.where(or_(*(column == area for column in there)))
