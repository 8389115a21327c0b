"""Statements on originals; the session's scope narrows every one of them."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onewindow_intake.custody.models import Paper
from onewindow_shared.plumbing.belonging import SeenAs, area_condition
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.succession import Gathered

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


def held(here: Gathered | None) -> Select[Paper]:
    """Return the originals that are not returned yet, of an area if one is named: its own and taken in."""
    query = select(Paper).where(Paper.returned_at.is_(None))
    return query if here is None else query.where(area_condition(SeenAs.EITHER, here)(Paper))
