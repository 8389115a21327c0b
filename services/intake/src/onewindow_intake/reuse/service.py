"""Use cases of papers that were handed in before."""

from collections.abc import Iterator

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.acting import acting_in
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.moving import guide_of, to_move
from onewindow_intake.checklist.rules import Paper, papers, rows
from onewindow_intake.checklist.service import worked
from onewindow_intake.documents import service as documents
from onewindow_intake.documents.rules import Terms
from onewindow_intake.reuse import queries, rules
from onewindow_intake.reuse.rules import Before, Offer
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.catalogue import ItemGuide
from onewindow_shared.contracts.checklist import ReusableMaterial, ReusableMaterials, ReuseIn
from onewindow_shared.contracts.lifecycle import CaseAction
from onewindow_shared.contracts.parties import Power
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.unit import Unit


def offered(unit: Unit, case_no: str, default_days: int) -> ReusableMaterials:
    """Show for each paper that is not there yet the one that is valid longest."""
    case = cases.of(unit.session, case_no)
    longest: dict[str, Offer] = {}
    for offer in _offers(unit, case, guide_of(unit, case), default_days):
        longest.setdefault(offer.material.code, offer)
    return ReusableMaterials(case_no=case_no, offers=[_shown(offer) for offer in longest.values()])


def _offers(unit: Unit, case: Case, guide: ItemGuide, default_days: int) -> Iterator[Offer]:
    before = [one for earlier in queries.earlier(unit.session, case) for one in _papers(unit, earlier)]
    known = papers(case.materials)
    return rules.offers(guide.materials, known, before, unit.today, unit.zone, default_days)


def _papers(unit: Unit, case: Case) -> Iterator[Before]:
    known = papers(case.materials)
    for material in guide_of(unit, case).materials:
        if material.code in known:
            yield Before(case.case_no, case.item_name, material, known[material.code])


def _shown(offer: Offer) -> ReusableMaterial:
    return ReusableMaterial(
        material=offer.material.code,
        name=offer.material.name,
        item_name=offer.before.item_name,
        origin=offer.origin,
        pieces=offer.before.paper.pieces,
        documents=len(offer.before.paper.documents),
    )


def take_over(
    unit: Unit, case_no: str, code: str, seen: int, form: ReuseIn, *, default_days: int, terms: Terms
) -> CaseOut:
    """Take a paper of an earlier case as handed in, with the documents behind it; both cases say so."""
    case, target = to_move(unit, case_no, seen, CaseAction.CORRECT_ON_SPOT)
    acting = acting_in(unit, case, form.acting, Power.CORRECT)
    guide = guide_of(unit, case)
    if code not in {material.code for material in guide.materials}:
        raise NotFound(detail="This item has no such material.")
    asked = (code, form.case_no, form.material)
    fitting = (
        offer
        for offer in _offers(unit, case, guide, default_days)
        if (offer.material.code, offer.origin.case_no, offer.origin.material) == asked
    )
    offer = next(fitting, None)
    if offer is None:
        raise invalid({"case_no": "no such paper of that case can be used here"})
    taken = Paper(
        received=True,
        pieces=offer.before.paper.pieces,
        documents=documents.link(unit, case, code, offer.before.paper.documents, terms),
        at=unit.now,
        seen_at=unit.now,
        seen_by=unit.actor.subject,
        origin=offer.origin,
    )
    case.materials = rows({**papers(case.materials), code: taken})
    detail = {"material": form.material, "for": case_no}
    unit.audit("case.material_given_again", "case", form.case_no, area=case.district, detail=detail)
    return worked(unit, case, target, guide, [code], acting, step="material_reused", origin=form.case_no)
