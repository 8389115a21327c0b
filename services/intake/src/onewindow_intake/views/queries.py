"""Finding saved views, and counting what they list."""

from sqlalchemy import Select, and_, func, or_, select

from onewindow_intake.handoffs.queries import open_for
from onewindow_intake.views.models import SavedView
from onewindow_intake.views.rules import MOST
from onewindow_intake.worklists.queries import Listing
from onewindow_shared.contracts.common import area_prefix
from onewindow_shared.contracts.views import Counted
from onewindow_shared.contracts.worklists import CaseFilter
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, among, first_of
from onewindow_shared.plumbing.unit import Unit

OLDEST_FIRST = Keyset([SavedView.id])


def visible(unit: Unit) -> Select[SavedView]:
    """Return what the caller sees: their own, and what their office shares."""
    here = unit.gathered(area_prefix(unit.actor.area or ""))
    office = (SavedView.shared.is_(True), SavedView.community.in_(here.codes))
    return select(SavedView).where(or_(SavedView.owner == unit.actor.subject, and_(*office)))


def own_to_change(unit: Unit, view_id: int) -> SavedView:
    """Return one of the caller's own views; nobody changes another's."""
    mine = (SavedView.id == view_id, SavedView.owner == unit.actor.subject)
    return must_find(unit.session, select(SavedView).where(*mine).with_for_update())


def counted(unit: Unit, chosen: CaseFilter) -> Counted:
    """Count the cases of a list among the first that its indexes find, in the list's order."""
    listing = Listing(chosen, unit)
    ranges = listing.ranges()
    if not ranges:
        return Counted(count=0, more=False)
    looked_at = among(first_of(ranges, listing.keyset, MOST + 1), listing.keyset)
    through = func.count().filter(*listing.sieve) if listing.sieve else func.count()
    counts = looked_at.with_only_columns(func.count(), through, maintain_column_froms=True)
    counts = counts.execution_options(**ranges[0].get_execution_options())
    seen, fitting = unit.session.execute(counts).one()
    return Counted(count=min(fitting, MOST), more=seen > MOST)


def offered_to(unit: Unit) -> Counted:
    """Count the cases that other officers offer to the caller."""
    some = open_for(unit.actor.subject).limit(MOST + 1).subquery()
    n = unit.session.scalar(select(func.count()).select_from(some)) or 0
    return Counted(count=min(n, MOST), more=n > MOST)
