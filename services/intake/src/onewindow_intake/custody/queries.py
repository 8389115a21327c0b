"""Statements on originals; the session's scope narrows every one of them."""

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from onewindow_intake.custody.models import Paper, Step
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.custody import CustodyAct
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.problems import NotFound

OLDEST_FIRST = Keyset((Paper.id,))


def of(session: Session, case_no: str, original_id: int) -> Paper:
    """Return an original of a case, or raise `NotFound`."""
    query = select(Paper).where(Paper.case_no == case_no, Paper.id == original_id)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(detail="There is no such original within your reach.")
    return found


def of_case(case_no: str) -> Select[Paper]:
    """Return the originals of a case."""
    return select(Paper).where(Paper.case_no == case_no)


def held(area: AreaCode | None) -> Select[Paper]:
    """Return the originals that are not returned yet, of an area if one is named: its own and taken in."""
    back = exists().where(Step.original_id == Paper.id, Step.act == CustodyAct.RETURNED)
    query = select(Paper).where(~back)
    if area is None:
        return query
    there = (Paper.community, Paper.accepting_community)
    return query.where(or_(*(column.startswith(area, autoescape=True) for column in there)))
