"""Statements on drafts; the session's scope narrows every one of them."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onewindow_intake.drafts.models import Draft
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.unit import Unit

NEWEST_FIRST = Keyset((Draft.id,), newest_first=True)


def reachable(unit: Unit) -> Select[Draft]:
    """Return the drafts of the caller's window, or a resident's own: no window sees these."""
    return select(Draft).where(Draft.owner == unit.actor.scope.owner)


def unfinished(unit: Unit) -> Select[Draft]:
    """Return the drafts that are no case yet and not too old."""
    return reachable(unit).where(Draft.case_no.is_(None), Draft.expires_at > unit.now)


def of(unit: Unit, draft_id: int, *, to_change: bool = False) -> Draft:
    """Return a draft, or raise `NotFound`. One that is to be changed waits for whoever is saving it."""
    query = reachable(unit).where(Draft.id == draft_id, Draft.expires_at > unit.now)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return must_find(unit.session, query, "There is no such draft within your reach.")


def to_close(session: Session, draft_ids: Sequence[int]) -> Sequence[Draft]:
    """Return those of these drafts that are still there, waiting for whoever is saving them."""
    query = select(Draft).where(Draft.id.in_(draft_ids)).order_by(Draft.id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
