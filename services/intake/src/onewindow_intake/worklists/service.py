"""Use cases of lists of cases."""

from sqlalchemy import select

from onewindow_intake.cases import shown
from onewindow_intake.cases.models import INDEX, NAME_INDEX, Case
from onewindow_intake.worklists.queries import ORDERS, Listing
from onewindow_shared.contracts.cases import CaseSummary
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.worklists import CaseFilter, CaseLookupIn, CaseSort
from onewindow_shared.plumbing.paging import Wanted, page, page_within
from onewindow_shared.plumbing.unit import Unit


def several(unit: Unit, wanted: Wanted, chosen: CaseFilter) -> Page[CaseSummary]:
    """List cases."""
    listing = Listing(chosen, unit)
    query, keyset, bound = listing.query(), listing.keyset, f"cases {chosen!r} {unit.actor.subject}"
    if not listing.sieve(Case):
        return page(unit, query, keyset, wanted, bound=bound, show=shown.summary)
    return page_within(unit, query, listing.sieve, keyset, wanted, bound=bound, show=shown.summary)


def of_person(unit: Unit, wanted: Wanted, person: CaseLookupIn) -> Page[CaseSummary]:
    """List the cases of a document or of a full name, newest first, and write down that somebody looked."""
    if person.id_document is not None:
        index = unit.vault.blind_index(person.id_document.lookup_key, purpose=INDEX)
        query = select(Case).where(Case.applicant_index == index)
    else:
        index = unit.vault.blind_index(person.name or "", purpose=NAME_INDEX)
        query = select(Case).where(Case.name_index == index)
    unit.audit("case.looked_up", "person", index)
    keyset = ORDERS[CaseSort.RECEIVED]
    return page(unit, query, keyset, wanted, bound=f"cases of {index}", show=shown.summary)
