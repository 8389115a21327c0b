"""Use cases of pointing out earlier cases."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, cast

from onewindow_intake.cases import people
from onewindow_intake.cases.likes import likes
from onewindow_intake.cases.models import APPLICANT, INDEX, Case
from onewindow_intake.duplicates import queries, rules
from onewindow_intake.duplicates.rules import Traits
from onewindow_shared.contracts.cases import PersonOut
from onewindow_shared.contracts.duplicates import DuplicatesIn, EarlierCase, EarlierCases, Likeness
from onewindow_shared.contracts.intake import CaseIn, DuplicateChoice
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import PersonIn
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.scope import DISTRICT, Scope
from onewindow_shared.plumbing.unit import Unit

if TYPE_CHECKING:
    from onewindow_intake.settings import Settings

TOLD = 10


def same_district(reach: Scope, community: str) -> bool:
    """Say whether an office is of the district of a community."""
    return reach.area is not None and reach.area[:DISTRICT] == community[:DISTRICT]


def earlier(unit: Unit, form: DuplicatesIn, reach: Scope) -> EarlierCases:
    """Return the cases of the district that are like an application of late, the likest first.

    What lies outside `reach` is told without particulars.
    """
    settings = cast("Settings", unit.settings)
    index = unit.vault.blind_index(form.applicant.id_document.lookup_key, purpose=INDEX)
    found = queries.candidates(
        unit.session,
        form.item_code,
        form.community[:DISTRICT],
        unit.now - settings.duplicate_window,
        index,
        likes(unit.vault, form.applicant),
    )
    scored = [(case, *_likeness(unit, form.applicant, index, case)) for case in found]
    like = (one for one in scored if one[1] >= settings.duplicate_likeness)
    told = sorted(like, key=lambda one: -one[1])[:TOLD]
    return EarlierCases(cases=[_shown(*one, reach) for one in told])


def expect_earlier(unit: Unit, form: CaseIn, choice: DuplicateChoice, reach: Scope) -> None:
    """Refuse a choice about a case that is not pointed out: of somebody or something else, or of nobody."""
    about = DuplicatesIn(item_code=form.item_code, community=form.community, applicant=form.applicant)
    if choice.earlier not in {one.case_no for one in earlier(unit, about, reach).cases}:
        raise invalid({"duplicate.earlier": "no earlier case of this person and item is known by this"})


def before(unit: Unit, posted: Collection[str], reach: Scope) -> dict[str, EarlierCase]:
    """Return the latest earlier case of the same person and item for each of these cases that has one."""
    since = unit.now - cast("Settings", unit.settings).duplicate_window
    return {
        case_no: _shown(case, 1.0, [Likeness.SAME_DOCUMENT], reach)
        for case_no, case in queries.before(unit.session, posted, since)
    }


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
