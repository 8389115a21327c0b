"""Reading the published lists."""

from datetime import date

from sqlalchemy import false, select

from onewindow_casework.lists import queries
from onewindow_casework.lists.models import ListEntry
from onewindow_shared.contracts.admission import ListedMatter
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.scope import DISTRICT
from onewindow_shared.plumbing.unit import Unit

BY_CODE = Keyset((ListEntry.code,))


def listed_page(unit: Unit, wanted: Wanted, community: str, day: date | None) -> Page[ListedMatter]:
    """Return a page of what may be asked of a community on a day."""
    known_community(unit.session, community)
    on = day or unit.today
    version = queries.in_force(unit, community[:DISTRICT], on)
    query = (
        select(ListEntry).where(false()) if version is None else queries.entries_on(version, community, on)
    )
    number = 0 if version is None else version.number
    return page(unit, query, BY_CODE, wanted, bound=f"listed {community} {on} {number}", show=queries.card)
