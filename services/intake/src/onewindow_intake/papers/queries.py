"""Statements on issued papers."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.cases.models import Case
from onewindow_intake.papers.models import IssuedPaper


def latest(session: Session, case_no: str, kind: str) -> IssuedPaper | None:
    """Return the paper of a kind that is good now."""
    query = select(IssuedPaper).where(IssuedPaper.case_no == case_no, IssuedPaper.kind == kind)
    return session.scalar(query.order_by(IssuedPaper.issue.desc()).limit(1))


def by_number(session: Session, number: str) -> IssuedPaper | None:
    """Return a paper by its number."""
    return session.get(IssuedPaper, number)


def by_token(session: Session, index: str) -> IssuedPaper | None:
    """Return a paper by the blind index of its token."""
    return session.scalar(select(IssuedPaper).where(IssuedPaper.token_index == index))


def case_of(session: Session, paper: IssuedPaper) -> Case:
    """Return the case of a paper."""
    return session.scalars(select(Case).where(Case.case_no == paper.case_no)).one()


def cases_after(session: Session, last: int, most: int) -> Sequence[Case]:
    """Return the next cases in the order of their posting; who moves one of them waits."""
    query = select(Case).where(Case.id > last).order_by(Case.id).limit(most)
    return session.scalars(query.with_for_update()).all()
