"""Use cases of the check-list: a whole list at once, or one paper after the other (rules C2 T3)."""

from collections.abc import Collection, Mapping, Sequence

from onewindow_intake.cases import lines
from onewindow_intake.cases.acting import acting_in
from onewindow_intake.cases.history import HANDED_IN, LINES_MET, SPOKEN_OF
from onewindow_intake.cases.models import Case, Notice
from onewindow_intake.cases.moving import moved, to_move
from onewindow_intake.cases.rules import sees_papers, untold
from onewindow_intake.cases.service import only_what_was_told
from onewindow_intake.cases.told import (
    asked_of,
    guide_of,
    lines_of,
    open_lines,
    still_lacking,
    told_defects,
)
from onewindow_intake.checklist import remarks, rules
from onewindow_intake.checklist.rules import Look
from onewindow_intake.documents.queries import of_materials
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.catalogue import ItemGuide
from onewindow_shared.contracts.intake import LineIn, MaterialChangeIn, MaterialIn, MaterialsIn
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus
from onewindow_shared.contracts.parties import Acting, Power
from onewindow_shared.plumbing.problems import NotFound, invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day


def hand_in(unit: Unit, case_no: str, seen: int, form: MaterialsIn) -> CaseOut:
    """Take papers, or corrections on the spot (T3); a case that waits for corrections goes on waiting."""
    case, target = to_move(unit, case_no, seen, CaseAction.CORRECT_ON_SPOT)
    acting = acting_in(unit, case, form.acting, Power.CORRECT)
    guide = guide_of(unit, case)
    faults = wrong(unit, case, {paper.code for paper in guide.materials}, form.materials)
    told = lines_of(unit, case)
    if faults := faults | lines.wrong(told, form.lines):
        raise invalid(faults)
    came = rules.newly_in(rules.papers(case.materials), form.materials)
    step = step_of(unit, case, came, met=lines.newly_in(told, form.lines))
    take_down(unit, case, guide, form.materials, {paper.code: paper.remark for paper in form.materials})
    _answer(unit, case, form.lines)
    codes, named = [paper.code for paper in form.materials], sorted(line.line for line in form.lines)
    return worked(unit, case, target, guide, codes, acting, step=step, lines=named)


def _answer(unit: Unit, case: Case, said: Sequence[LineIn]) -> None:
    """Write down on the notice what the window sees of its lines, or what is declared of them."""
    if said:
        notice = unit.session.get_one(Notice, case.case_no)
        notice.answers = lines.rows(lines.answered(lines.answers(notice.answers), said, _look(unit)))


def _look(unit: Unit) -> Look:
    return Look(unit.now, unit.actor.subject if sees_papers(unit.actor.roles) else None)


def work_on(unit: Unit, case_no: str, code: str, seen: int, form: MaterialChangeIn) -> CaseOut:
    """Change what is known of one paper, and leave the rest of the list as it is (T3)."""
    case, target = to_move(unit, case_no, seen, CaseAction.CORRECT_ON_SPOT)
    acting = acting_in(unit, case, form.acting, Power.CORRECT)
    guide = guide_of(unit, case)
    if code not in {paper.code for paper in guide.materials}:
        raise NotFound(detail="This item has no such material.")
    old = rules.papers(case.materials).get(code, rules.UNKNOWN)
    given = rules.changed(code, old, form, seen=sees_papers(unit.actor.roles))
    if faults := wrong(unit, case, {code}, given):
        raise invalid({path.removeprefix("materials.0."): reason for path, reason in faults.items()})
    said = {code: form.remark} if "remark" in form.model_fields_set else {}
    step = step_of(unit, case, rules.newly_in({code: old}, given))
    take_down(unit, case, guide, given, said)
    return worked(unit, case, target, guide, [code], acting, step=step)


def step_of(unit: Unit, case: Case, came: Collection[str], *, met: Collection[int] = ()) -> str:
    """Tell papers that come from lines of the notice that are `met` without any, and both from words.

    After the notice only the papers that it named count (T10).
    """
    counts = set(came) & asked_of(unit, case) if case.status == CaseStatus.CORRECTION else came
    if counts:
        return HANDED_IN
    return LINES_MET if met else SPOKEN_OF


def wrong(unit: Unit, case: Case, known: Collection[str], given: Sequence[MaterialIn]) -> dict[str, str]:
    """Return what is wrong with what is said of papers: field -> reason."""
    faults = rules.wrong_materials(known, given)
    named = {document for paper in given for document in paper.documents}
    kept = of_materials(unit.session, case.case_no, named) if named else {}
    for place, paper in enumerate(given):
        if any(kept.get(document, "") not in {None, paper.code} for document in paper.documents):
            faults[f"materials.{place}.documents"] = "the case keeps no such document of this paper"
    return faults


def take_down(
    unit: Unit,
    case: Case,
    guide: ItemGuide,
    given: Sequence[MaterialIn],
    said: Mapping[str, str | None],
) -> None:
    """Write down what the window sees of papers, or what is declared of them, and what is remarked."""
    before = rules.papers(case.materials)
    look = _look(unit)
    after = rules.handed_in(before, given, {paper.code: paper for paper in guide.materials}, look)
    if case.status == CaseStatus.CORRECTION and look.by is not None:
        gone = rules.taken_back(before, after)
        only_what_was_told(unit, case, untold(told_defects(unit, case), gone), "materials")
    case.materials = rules.rows(after)
    if heard := {
        code: remark
        for code, remark in said.items()
        if look.by or not after.get(code, rules.UNKNOWN).received
    }:
        words = rules.remarked(remarks.opened(unit.vault, case.material_remarks_sealed), heard)
        case.material_remarks_sealed = remarks.sealed(unit.vault, words)


def worked(
    unit: Unit,
    case: Case,
    target: CaseStatus,
    guide: ItemGuide,
    codes: Sequence[str],
    acting: Acting,
    *,
    step: str,
    **detail: object,
) -> CaseOut:
    """Write down that the check-list was worked, and since when everything needed is there."""
    case.status = target
    complete(unit, case, guide)
    detail = {"materials": sorted(codes), "seen": sees_papers(unit.actor.roles), **detail}
    return moved(unit, case, step, acting=acting, detail=detail)


def complete(unit: Unit, case: Case, guide: ItemGuide) -> None:
    """Say since when everything needed is seen, and since when all of it is there or declared."""
    asked_for, known = asked_of(unit, case), rules.papers(case.materials)
    told = lines_of(unit, case)
    lacking = rules.absent(guide.materials, known, asked_for) or lines.unmet(told)
    needed = {material.code for material in guide.materials if material.required}
    notice = unit.session.get(Notice, case.case_no)
    earliest = local_day(notice.issued_at, unit.zone) if notice else case.received_on
    papers = (known[code].at for code in needed | asked_for if code in known)
    came_on = rules.came_on([*papers, *(line.at for line in told)], earliest, unit.zone)
    case.complete_on = None if lacking else case.complete_on or came_on
    owing = still_lacking(unit, case) or open_lines(unit, case)
    case.declared_at = None if owing else case.declared_at or unit.now
