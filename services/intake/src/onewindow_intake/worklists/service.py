"""Use cases of lists of cases."""

from sqlalchemy import ColumnElement, Select, select, union

from onewindow_intake.cases import shown
from onewindow_intake.cases.models import INDEX, NAME_INDEX, Case
from onewindow_intake.parties.models import Party
from onewindow_intake.worklists.queries import ORDERS, Listing
from onewindow_intake.worklists.rules import wrong_order, wrong_words
from onewindow_shared.contracts.cases import CaseSummary
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.worklists import CaseFilter, CaseLookupIn, CaseSort
from onewindow_shared.plumbing.paging import Wanted, page, page_within
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit


def several(unit: Unit, wanted: Wanted, chosen: CaseFilter) -> Page[CaseSummary]:
    """List cases."""
    expect_listed(unit, chosen)
    listing = Listing(chosen, unit)
    ranges, keyset, bound = listing.ranges(), listing.keyset, f"cases {chosen!r} {unit.actor.subject}"
    if len(ranges) == 1 and not listing.sieve:
        return page(unit, ranges[0], keyset, wanted, bound=bound, show=shown.summary)
    return page_within(unit, ranges, listing.sieve, keyset, wanted, bound=bound, show=shown.summary)


def expect_listed(unit: Unit, chosen: CaseFilter, *, within: str | None = None) -> None:
    """Refuse a list in an order that no index has, or of a number too short to find anything by.

    `within` is the field of the body that has the filter; without it, the filter came in the query.
    """
    wrong = wrong_order(chosen) or wrong_words(Listing(chosen, unit).words)
    if wrong and within is not None:
        raise invalid({f"{within}.{field}": reason for field, reason in wrong.items()})
    if wrong:
        raise invalid(wrong, where="query")


def of_person(unit: Unit, wanted: Wanted, person: CaseLookupIn) -> Page[CaseSummary]:
    """List the cases of a document or of a full name, newest first."""
    index = _index(unit, person)
    if person.id_document is not None:
        query = _of(Case.applicant_index == index, Party.person_index == index)
    else:
        query = _of(Case.name_index == index, Party.name_index == index)
    keyset = ORDERS[CaseSort.RECEIVED]
    return page(unit, query, keyset, wanted, bound=f"cases of {index}", show=shown.summary)


def looked(unit: Unit, person: CaseLookupIn) -> None:
    """Write down that somebody looked for a person's cases."""
    unit.audit("case.looked_up", "person", _index(unit, person))


def _index(unit: Unit, person: CaseLookupIn) -> str:
    if person.id_document is not None:
        return unit.vault.blind_index(person.id_document.lookup_key, purpose=INDEX)
    return unit.vault.blind_index(person.name or "", purpose=NAME_INDEX)


def _of(applied: ColumnElement[bool], took_part: ColumnElement[bool]) -> Select[Case]:
    """Return the cases of whoever applied, was a member of the household, or acted as guardian."""
    others = select(Party.case_no).where(took_part)
    return select(Case).where(Case.case_no.in_(union(select(Case.case_no).where(applied), others)))
