"""Finding saved views, and counting what they list."""

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from onewindow_intake.cases.models import Case
from onewindow_intake.handoffs.queries import open_for
from onewindow_intake.views.models import SavedView
from onewindow_intake.views.rules import MOST
from onewindow_intake.worklists.queries import Listing
from onewindow_shared.contracts.common import area_prefix
from onewindow_shared.contracts.views import Counted
from onewindow_shared.contracts.worklists import CaseFilter
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.unit import Unit

OLDEST_FIRST = Keyset([SavedView.id])


def visible(unit: Unit) -> Select[SavedView]:
    """Return what the caller sees: their own, and what their office shares."""
    office = (SavedView.shared.is_(True), SavedView.community == area_prefix(unit.actor.area or ""))
    return select(SavedView).where(or_(SavedView.owner == unit.actor.subject, and_(*office)))


def own_to_change(unit: Unit, view_id: int) -> SavedView:
    """Return one of the caller's own views; nobody changes another's."""
    mine = (SavedView.id == view_id, SavedView.owner == unit.actor.subject)
    found = unit.session.scalar(select(SavedView).where(*mine).with_for_update())
    if found is None:
        raise NotFound
    return found


def counted(unit: Unit, chosen: CaseFilter) -> Counted:
    """Count the cases of a list among the first that its index finds, in the list's order."""
    listing = Listing(chosen, unit)
    order = [key.desc() if listing.keyset.newest_first else key.asc() for key in listing.keyset.keys]
    query = listing.query()
    looked_at = query.order_by(*order).limit(MOST + 1).subquery()
    entity = aliased(Case, looked_at)
    through = func.count().filter(*listing.sieve(entity)) if listing.sieve(entity) else func.count()
    counts = select(func.count(), through).select_from(entity)
    counts = counts.execution_options(**query.get_execution_options())
    seen, fitting = unit.session.execute(counts).one()
    return Counted(count=min(fitting, MOST), more=seen > MOST)


def offered_to(unit: Unit) -> Counted:
    """Count the cases that other officers offer to the caller."""
    some = open_for(unit.actor.subject).limit(MOST + 1).subquery()
    n = unit.session.scalar(select(func.count()).select_from(some)) or 0
    return Counted(count=min(n, MOST), more=n > MOST)
