"""Statements on drafts; the session's scope narrows every one of them."""

from sqlalchemy import Select, select

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


def of(unit: Unit, draft_id: int) -> Draft:
    """Return a draft, waiting for whoever is saving it; or raise `NotFound`."""
    query = reachable(unit).where(Draft.id == draft_id, Draft.expires_at > unit.now)
    return must_find(
        unit.session,
        query.with_for_update().execution_options(populate_existing=True),
        "There is no such draft within your reach.",
    )
