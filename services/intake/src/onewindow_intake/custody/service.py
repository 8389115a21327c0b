"""Use cases of custody: taking originals, following them, returning them."""

from onewindow_intake.cases import queries as cases
from onewindow_intake.cases.acting import acting_in
from onewindow_intake.cases.history import enter
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.told import guide_of
from onewindow_intake.custody import queries, rules
from onewindow_intake.custody.models import NOTE, RETURNED_TO, SIGNATURE, Paper, Step
from onewindow_intake.custody.problems import AlreadyReturned, HeldByAnother
from onewindow_intake.custody.shown import original, particulars
from onewindow_intake.officers.service import nobody_there
from onewindow_intake.papers.issuing import issue
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.contracts.custody import (
    CustodianIn,
    CustodyAct,
    CustodyParticulars,
    CustodyStepIn,
    Original,
    OriginalIn,
)
from onewindow_shared.contracts.events import OriginalsKept
from onewindow_shared.contracts.intake import CaseDisclosureIn
from onewindow_shared.contracts.parties import Power
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.scope import place, taken_in
from onewindow_shared.plumbing.unit import Unit


def take(unit: Unit, case_no: str, form: OriginalIn) -> Original:
    """Take an original into keeping; the officer who takes it holds it."""
    case = cases.of(unit.session, case_no, to_move=True)
    names = {material.code: material.name for material in guide_of(unit, case).materials}
    if form.material not in names:
        raise invalid({"material": "this item has no such material"})
    taken = Step(
        number=1,
        act=CustodyAct.TAKEN,
        at=unit.now,
        by=unit.actor.subject,
        place=form.place,
        holder=unit.actor.subject,
    )
    paper = Paper(
        case_no=case_no,
        **place(case.community),
        **taken_in(case.accepting_community),
        applicant_subject=case.applicant_subject,
        department=case.department,
        material=form.material,
        name=names[form.material],
        count=form.count,
        note_sealed=unit.vault.sealed(form.note, purpose=NOTE),
        steps=[taken],
    )
    unit.session.add(paper)
    unit.session.flush()
    case.originals_held += form.count
    detail = {"original": paper.id, "material": form.material}
    issue(unit, case, enter(unit, case, "original_taken", detail=detail))
    _tell(unit, case)
    return original(unit.vault, paper)


def follow(unit: Unit, case_no: str, original_id: int, seen: int, form: CustodyStepIn) -> Original:
    """Add a link to an original's chain; whoever saw an older one is refused."""
    case, paper, last = _kept(unit, case_no, original_id, seen)
    if wrong := rules.faults(form):
        raise invalid(wrong)
    back = form.returned_to
    keeper = rules.keeper((CustodyAct(step.act), step.holder) for step in paper.steps)
    if form.act is not CustodyAct.MOVED and keeper is not None and keeper != unit.actor.subject:
        _gone(unit, case, keeper)
    if form.holder is not None:
        _check_holder(unit, case, form.holder)
    acting = acting_in(unit, case, form.acting, Power.COLLECT) if back else None
    step = Step(
        number=last.number + 1,
        act=form.act,
        at=unit.now,
        by=unit.actor.subject,
        **rules.following(last.holder, form),
        returned_to_sealed=unit.vault.sealed(back, purpose=RETURNED_TO),
        signature_sealed=unit.vault.sealed(form.signature, purpose=SIGNATURE),
    )
    paper.steps.append(step)
    detail = {"original": paper.id, "act": form.act}
    if back:
        paper.returned_at = unit.now
        case.originals_held -= paper.count
        issue(unit, case, enter(unit, case, "original_returned", acting=acting, detail=detail))
        _tell(unit, case)
    else:
        unit.audit("original.followed", "case", case_no, area=case.community, detail=detail)
    return original(unit.vault, paper)


def entrust(unit: Unit, case_no: str, original_id: int, seen: int, form: CustodianIn) -> Original:
    """Have another officer keep an original whose holder is away, for a reason that is kept."""
    case, paper, last = _kept(unit, case_no, original_id, seen)
    if form.holder == last.holder:
        raise invalid({"holder": "this officer holds it already"})
    _check_holder(unit, case, form.holder)
    step = Step(
        number=last.number + 1,
        act=CustodyAct.HANDED_OVER,
        at=unit.now,
        by=unit.actor.subject,
        place=form.place,
        holder=form.holder,
    )
    paper.steps.append(step)
    detail = {"original": paper.id, "from": last.holder, "to": form.holder}
    unit.audit("original.entrusted", "case", case_no, area=case.community, reason=form.reason, detail=detail)
    return original(unit.vault, paper)


def _kept(unit: Unit, case_no: str, original_id: int, seen: int) -> tuple[Case, Paper, Step]:
    """Return an original that may be followed on, with its case and last link; the case waits meanwhile."""
    case = cases.of(unit.session, case_no, to_move=True)
    paper = queries.of(unit.session, case_no, original_id)
    expect_version(original(unit.vault, paper), seen)
    last = paper.steps[-1]
    if last.act == CustodyAct.RETURNED:
        raise AlreadyReturned(detail="See the chain for whom it was returned to.")
    return case, paper, last


def _check_holder(unit: Unit, case: Case, holder: str) -> None:
    """Refuse a holder who could neither hand an original of this case on nor return it."""
    if why := nobody_there(unit, holder, case, Permission.CUSTODY_KEEP):
        raise invalid({"holder": why})


def _tell(unit: Unit, case: Case) -> None:
    """Tell casework of an accepted case what is still kept: it is closed once everything went back."""
    if case.accepted_at is not None:
        unit.publish(OriginalsKept(case_no=case.case_no, held=case.originals_held))


def _gone(unit: Unit, case: Case, keeper: str) -> None:
    """Refuse to give away what a colleague keeps, unless that colleague is no longer here to do it."""
    if nobody_there(unit, keeper, case, Permission.CUSTODY_KEEP) is None:
        raise HeldByAnother(
            detail="Whoever holds it hands it over; their head has another keep it while they are away.",
            holder=keeper,
        )


def disclose(unit: Unit, case_no: str, original_id: int, form: CaseDisclosureIn) -> CustodyParticulars:
    """Show in full to whom an original went back, and write down to whom and why (个人信息保护法 art. 6)."""
    case = cases.of(unit.session, case_no)
    paper = queries.of(unit.session, case_no, original_id)
    detail = {"original": original_id}
    unit.audit("original.disclosed", "case", case_no, area=case.community, reason=form.reason, detail=detail)
    return particulars(unit.vault, paper)


def held(unit: Unit, wanted: Wanted, area: AreaCode | None) -> Page[Original]:
    """Show what is in keeping, longest first."""
    return page(
        unit,
        queries.held(None if area is None else unit.gathered(area)),
        queries.OLDEST_FIRST,
        wanted,
        bound=f"originals held in {area}",
        show=lambda paper: original(unit.vault, paper),
    )


def of_case(unit: Unit, wanted: Wanted, case_no: str) -> Page[Original]:
    """Show every original of a case with its chain."""
    cases.of(unit.session, case_no)
    return page(
        unit,
        queries.of_case(case_no),
        queries.OLDEST_FIRST,
        wanted,
        bound=f"originals of {case_no}",
        show=lambda paper: original(unit.vault, paper),
    )
