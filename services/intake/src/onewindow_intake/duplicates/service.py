"""Use cases of pointing out earlier cases."""

from collections.abc import Sequence
from datetime import timedelta

from onewindow_intake.cases import people
from onewindow_intake.cases.likes import likes
from onewindow_intake.cases.models import APPLICANT, INDEX, Case
from onewindow_intake.duplicates import queries, rules
from onewindow_intake.duplicates.rules import Traits
from onewindow_shared.contracts.cases import PersonOut
from onewindow_shared.contracts.duplicates import DuplicatesIn, EarlierCase, EarlierCases, Likeness
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import PersonIn
from onewindow_shared.plumbing.scope import DISTRICT, Scope
from onewindow_shared.plumbing.unit import Unit

TOLD = 10


def earlier(unit: Unit, form: DuplicatesIn, reach: Scope, window: timedelta, least: float) -> EarlierCases:
    """Return the cases of the district within the window that are like an application, the likest first.

    What lies outside `reach` is told without particulars.
    """
    index = unit.vault.blind_index(form.applicant.id_document.lookup_key, purpose=INDEX)
    found = queries.candidates(
        unit.session,
        form.item_code,
        form.community[:DISTRICT],
        unit.now - window,
        index,
        likes(unit.vault, form.applicant),
    )
    scored = [(case, *_likeness(unit, form.applicant, index, case)) for case in found]
    told = sorted((one for one in scored if one[1] >= least), key=lambda one: -one[1])[:TOLD]
    return EarlierCases(cases=[_shown(*one, reach) for one in told])


def _likeness(unit: Unit, person: PersonIn, index: str, case: Case) -> tuple[float, list[Likeness]]:
    if case.applicant_index == index:
        return 1.0, [Likeness.SAME_DOCUMENT]
    return rules.likeness(
        _traits(person), _traits(people.opened(unit.vault, case.applicant_sealed, APPLICANT))
    )


def _traits(person: PersonIn | PersonOut) -> Traits:
    return Traits(person.name, person.mobile, person.address)


def _shown(case: Case, likeness: float, reasons: Sequence[Likeness], reach: Scope) -> EarlierCase:
    if reach.owner is None and not reach.covers(case.community):
        return EarlierCase(
            community=case.community,
            case_no=None,
            status=None,
            received_on=None,
            applicant=None,
            likeness=None,
            reasons=[],
        )
    return EarlierCase(
        community=case.community,
        case_no=case.case_no,
        status=CaseStatus(case.status),
        received_on=case.received_on,
        applicant=case.applicant_masked,
        likeness=round(likeness, 2),
        reasons=reasons,
    )


def looked(unit: Unit, form: DuplicatesIn, found: int) -> None:
    """Write down that somebody looked for a person's earlier cases."""
    index = unit.vault.blind_index(form.applicant.id_document.lookup_key, purpose=INDEX)
    unit.audit("case.duplicates_looked_up", "person", index, area=form.community, detail={"found": found})
