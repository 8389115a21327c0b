"""Use cases of papers that were handed in before."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.acting import acting_in
from onewindow_intake.cases.models import INDEX, Case
from onewindow_intake.cases.moving import to_move
from onewindow_intake.cases.told import guide_of
from onewindow_intake.checklist.files import without_files
from onewindow_intake.checklist.rules import Paper, Papers, papers, rows
from onewindow_intake.checklist.service import worked
from onewindow_intake.documents.linking import link
from onewindow_intake.documents.queries import withheld
from onewindow_intake.documents.rules import Terms
from onewindow_intake.drafts import queries as drafts
from onewindow_intake.drafts.rules import item_of
from onewindow_intake.drafts.service import form_of
from onewindow_intake.reference import Snapshot
from onewindow_intake.reuse import queries, rules
from onewindow_intake.reuse.rules import Before, Offer
from onewindow_intake.tolerance.queries import deferred_papers
from onewindow_intake.tolerance.service import came
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.catalogue import ItemMaterial
from onewindow_shared.contracts.checklist import OfferedFrom, ReusableMaterial, ReusableMaterials, ReuseIn
from onewindow_shared.contracts.identity import IdDocument
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus
from onewindow_shared.contracts.parties import Power
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.scope import DISTRICT, Scope
from onewindow_shared.plumbing.unit import Unit

NO_SUCH_PAPER = "no such paper of that case can be used here"


@dataclass(frozen=True)
class Wish:
    """Whose papers are asked for, and for what."""

    case_no: str | None
    applicant_index: str
    district: str
    materials: Sequence[ItemMaterial]
    known: Papers
    window: str | None = None
    """Where the draft lies that asks."""


def of_case(unit: Unit, case_no: str) -> Wish:
    """Say what a case within reach may use again."""
    case = cases.of(unit.session, case_no)
    guide = guide_of(unit, case)
    return Wish(case_no, case.applicant_index, case.district, guide.materials, papers(case.materials))


def of_draft(unit: Unit, draft_id: int, snapshot: Snapshot) -> Wish | None:
    """Say what an application that is begun may use again, once it names person and item."""
    draft = drafts.of(unit, draft_id)
    form = form_of(unit, draft)
    offer = snapshot.offer(item_of(form.content) or "", form.community)
    applicant = form.content.get("applicant")
    try:
        said = applicant.get("id_document") if isinstance(applicant, dict) else None
        document = IdDocument.model_validate(said)
    except ValidationError:
        return None
    if offer is None:
        return None
    index = unit.vault.blind_index(document.lookup_key, purpose=INDEX)
    return Wish(None, index, form.community[:DISTRICT], offer.guide.materials, {}, draft.community)


def looked(unit: Unit, wish: Wish) -> None:
    """Write down that somebody looked, for a draft, at what a person handed in before."""
    unit.audit("draft.reuse_looked_up", "person", wish.applicant_index, area=wish.window)


@dataclass(frozen=True)
class Kept:
    """What somebody handed in before, and for how many days it is good unless an item says otherwise."""

    papers: Sequence[Before]
    days: int

    def offers(self, unit: Unit, materials: Sequence[ItemMaterial], known: Papers) -> Iterator[Offer]:
        """Yield what of it is good today for papers that are not there."""
        return rules.offers(materials, known, self.papers, unit.today, unit.zone, self.days)


def handed_in(unit: Unit, wish: Wish, reach: Scope, default_days: int) -> Kept:
    """Return what somebody let be used again anywhere in the district; asked by the service itself."""
    found = queries.earlier(unit.session, wish.applicant_index, wish.district, wish.case_no)
    named = {one for case in found for paper in papers(case.materials).values() for one in paper.documents}
    gone = withheld(unit.session, named) if named else frozenset()
    return Kept([one for case in found for one in _papers(unit, case, reach, gone)], default_days)


def _papers(unit: Unit, case: Case, reach: Scope, gone: Collection[str]) -> Iterator[Before]:
    known = papers(case.materials)
    near = reach.covers(case.community) or reach.covers(case.accepting_community or case.community)
    for material in guide_of(unit, case).materials:
        if material.code in known:
            paper = known[material.code]
            readable = without_files(paper, [one for one in paper.documents if one in gone], material)
            yield Before(case.case_no, case.item_name, material, readable, near)


def offered(unit: Unit, wish: Wish | None, reach: Scope, default_days: int) -> ReusableMaterials:
    """Show for each paper that is not there yet the one that is valid longest, one within reach first."""
    if wish is None:
        return ReusableMaterials(case_no=None, offers=[])
    found = handed_in(unit, wish, reach, default_days).offers(unit, wish.materials, wish.known)
    longest: dict[str, Offer] = {}
    for offer in sorted(found, key=lambda offer: not offer.before.near):
        longest.setdefault(offer.material.code, offer)
    in_order = [longest[material.code] for material in wish.materials if material.code in longest]
    return ReusableMaterials(case_no=wish.case_no, offers=[_shown(offer) for offer in in_order])


def _shown(offer: Offer) -> ReusableMaterial:
    near, origin, paper = offer.before.near, offer.origin, offer.before.paper
    return ReusableMaterial(
        material=offer.material.code,
        name=offer.material.name,
        item_name=offer.before.item_name if near else None,
        origin=OfferedFrom(
            case_no=origin.case_no if near else None,
            material=origin.material if near else None,
            handed_in_on=origin.handed_in_on,
            valid_until=origin.valid_until,
        ),
        pieces=paper.pieces if near else None,
        documents=len(paper.documents) if near else None,
    )


def take_over(
    unit: Unit,
    case_no: str,
    code: str,
    seen: int,
    form: ReuseIn,
    *,
    kept: Kept,
    terms: Terms,
) -> CaseOut:
    """Take a paper of an earlier case as handed in, with the documents behind it; both cases say so."""
    later = cases.of(unit.session, case_no).status == CaseStatus.TOLERANT_ACCEPTED
    action = CaseAction.SUPPLEMENT if later else CaseAction.CORRECT_ON_SPOT
    case, target = to_move(unit, case_no, seen, action)
    acting = acting_in(unit, case, form.acting, Power.CORRECT)
    guide = guide_of(unit, case)
    if code not in {material.code for material in guide.materials}:
        raise NotFound(detail="This item has no such material.")
    if later and code not in {paper.material for paper in deferred_papers(unit, case)}:
        raise invalid({"material": "this paper was not to come later"}, where="path")
    if form.case_no is None and not form.consent:
        raise invalid({"consent": "the applicant has to agree to have it taken from another community"})
    known = papers(case.materials)
    offer = _asked_for(kept.offers(unit, guide.materials, known), code, form)
    if offer is None or not queries.still_agreed(unit.session, offer.origin.case_no):
        raise invalid({"case_no": NO_SUCH_PAPER})
    linked = link(unit, case, code, offer.before.paper.documents, terms)
    lost = [one for one in offer.before.paper.documents if one not in linked]
    left = without_files(offer.before.paper, lost, offer.material)
    if not left.received:
        raise invalid({"case_no": NO_SUCH_PAPER})
    taken = Paper(
        received=True,
        pieces=left.pieces,
        documents=tuple(linked.values()),
        at=unit.now,
        seen_at=unit.now,
        seen_by=unit.actor.subject,
        origin=offer.origin,
    )
    case.materials = rows({**known, code: taken})
    origin = offer.origin
    detail = {"material": origin.material, "for": case_no, "consent": form.consent}
    unit.audit("case.material_given_again", "case", origin.case_no, area=case.district, detail=detail)
    if later:
        return came(unit, case, target, [code], acting, origin=origin.case_no)
    return worked(unit, case, target, guide, [code], acting, step="material_reused", origin=origin.case_no)


def _asked_for(offers: Iterable[Offer], code: str, form: ReuseIn) -> Offer | None:
    """Return the offer that is meant: a certain one within reach, or the best from elsewhere."""
    for offer in offers:
        named = (offer.origin.case_no, offer.origin.material) == (form.case_no, form.material)
        if offer.material.code == code and (named if offer.before.near else form.case_no is None):
            return offer
    return None
