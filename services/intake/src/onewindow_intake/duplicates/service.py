"""Use cases of pointing out earlier cases."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from onewindow_intake.cases import people
from onewindow_intake.cases.likes import LIKES, likes
from onewindow_intake.cases.models import APPLICANT, INDEX, Case
from onewindow_intake.duplicates import queries, rules
from onewindow_intake.duplicates.queries import Sought
from onewindow_intake.duplicates.rules import traits
from onewindow_shared.contracts.duplicates import DuplicatesIn, EarlierCase, EarlierCases, Likeness
from onewindow_shared.contracts.intake import CaseIn, DuplicateChoice
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.scope import DISTRICT, Scope
from onewindow_shared.plumbing.unit import Unit

if TYPE_CHECKING:
    from onewindow_intake.settings import Settings

TOLD = 10
Like = tuple[Case, float, list[Likeness]]
"""A case, how like its applicant is, and in what."""


def same_district(reach: Scope, community: str) -> bool:
    """Say whether an office is of the district of a community."""
    return reach.area is not None and reach.area[:DISTRICT] == community[:DISTRICT]


def earlier(unit: Unit, form: DuplicatesIn, reach: Scope) -> EarlierCases:
    """Return the cases of the district that are like an application of late, the likest first.

    What lies outside `reach` is told without particulars.
    """
    applicant = form.applicant
    sought = Sought(
        form.item_code,
        form.community[:DISTRICT],
        unit.vault.blind_index(applicant.id_document.lookup_key, purpose=INDEX),
        likes(unit.vault, applicant),
        traits(applicant),
    )
    settings = cast("Settings", unit.settings)
    found = likest(unit, sought, unit.now - settings.duplicate_window, settings.duplicate_likeness)
    return EarlierCases(cases=[shown(*one, reach) for one in found])


def likest(unit: Unit, sought: Sought, since: datetime, least: float) -> list[Like]:
    """Return the cases since then whose applicant is so like the one sought, the likest first, with why."""
    found = queries.candidates(unit.session, sought, since)
    scored = [(case, *_likeness(unit, sought, case)) for case in found]
    like = (one for one in scored if one[1] >= least)
    return sorted(like, key=lambda one: -one[1])[:TOLD]


def expect_earlier(unit: Unit, form: CaseIn, choice: DuplicateChoice, reach: Scope) -> None:
    """Refuse a choice about a case that is not pointed out: of somebody or something else, or of nobody."""
    about = DuplicatesIn(item_code=form.item_code, community=form.community, applicant=form.applicant)
    if choice.earlier not in {one.case_no for one in earlier(unit, about, reach).cases}:
        raise invalid({"duplicate.earlier": "no earlier case of this person and item is known by this"})


def before(unit: Unit, posted: Collection[str], reach: Scope) -> dict[str, EarlierCase]:
    """Return an earlier case for each of these cases that has one and is not decided about.

    It is the latest of the same person; of somebody alike, that which the window has to decide about.
    """
    since = unit.now - cast("Settings", unit.settings).duplicate_window
    same = {
        case_no: shown(case, 1.0, [Likeness.SAME_DOCUMENT], reach)
        for case_no, case in queries.before(unit.session, posted, since)
    }
    alike = {
        case.case_no: shown(earlier, *_likeness(unit, sought(unit, case), earlier), reach)
        for case, earlier in queries.left_open(unit.session, posted)
    }
    return alike | same


def of_case(unit: Unit, case: Case) -> list[Like]:
    """Return the earlier cases that one which is there may repeat, the likest first."""
    settings = cast("Settings", unit.settings)
    since = case.received_at - settings.duplicate_window
    return likest(unit, sought(unit, case), since, settings.duplicate_likeness)


def sought(unit: Unit, case: Case) -> Sought:
    """Return whose earlier cases may be those of one which is there."""
    return Sought(
        case.item_code,
        case.district,
        case.applicant_index,
        {name: getattr(case, name) for name in LIKES},
        traits(people.opened(unit.vault, case.applicant_sealed, APPLICANT)),
        before=case.id,
    )


def _likeness(unit: Unit, sought: Sought, case: Case) -> tuple[float, list[Likeness]]:
    if case.applicant_index == sought.index:
        return 1.0, [Likeness.SAME_DOCUMENT]
    other = people.opened(unit.vault, case.applicant_sealed, APPLICANT)
    return rules.likeness(sought.traits, traits(other))


def shown(case: Case, likeness: float, reasons: Sequence[Likeness], reach: Scope) -> EarlierCase:
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
