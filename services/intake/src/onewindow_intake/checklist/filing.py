"""Files reach the check-list by themselves, and leave it when they have to go (rules C2 T3, T11)."""

from collections.abc import Callable

from onewindow_intake.cases import rules as receiving
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.moving import moved, standing, take_charge
from onewindow_intake.cases.rules import sees_papers
from onewindow_intake.cases.told import guide_of
from onewindow_intake.checklist import files, rules
from onewindow_intake.checklist.rules import Look, Paper
from onewindow_intake.checklist.service import complete, step_of, worked
from onewindow_intake.tolerance.queries import deferred_papers
from onewindow_intake.tolerance.rules import next_due
from onewindow_intake.tolerance.service import came
from onewindow_shared.contracts.catalogue import ItemGuide, ItemMaterial
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.unit import Unit

OPEN = frozenset({CaseStatus.RECEIVED, CaseStatus.CORRECTION, CaseStatus.TOLERANT_ACCEPTED})
"""Where papers are still taken."""


def file_came(unit: Unit, case: Case, document: str, code: str, acting: Acting) -> None:
    """Put a file that is kept for a paper on the check-list, as long as the case takes that paper.

    The case has to be locked. A clerk confirms the file where the guide asks for paper.
    """
    later = case.status == CaseStatus.TOLERANT_ACCEPTED
    action = CaseAction.SUPPLEMENT if later else CaseAction.CORRECT_ON_SPOT
    try:
        target = receiving.move(standing(case), action, unit.actor.roles, unit.now).target
    except CannotMoveError:
        return
    if later and code not in {paper.material for paper in deferred_papers(unit, case)}:
        return
    guide = guide_of(unit, case)
    look = Look(unit.now, unit.actor.subject if sees_papers(unit.actor.roles) else None)
    paper = _changed(case, guide, code, lambda old, material: files.with_file(old, document, material, look))
    take_charge(unit, case)
    if later:
        came(unit, case, target, [code], acting, document=document, seen=paper.received)
    else:
        step = step_of(unit, case, [code])
        worked(unit, case, target, guide, [code], acting, step=step, document=document, seen=paper.received)


def file_went(unit: Unit, case: Case, document: str, code: str) -> None:
    """Take a file off the check-list; where papers are still taken, what stood on it alone is to come again.

    The case has to be locked. Once it has left the desk, what was seen of the paper stays seen.
    """
    guide = guide_of(unit, case)
    if case.status not in OPEN:
        _changed(case, guide, code, lambda old, _: files.unnamed(old, document))
        case.version += 1
        return
    _changed(case, guide, code, lambda old, material: files.without_file(old, document, material))
    if case.status == CaseStatus.TOLERANT_ACCEPTED:
        case.supplement_due_at = next_due(deferred_papers(unit, case), rules.papers(case.materials))
    else:
        complete(unit, case, guide, [code])
    moved(unit, case, "file_withheld", detail={"materials": [code], "document": document})


def _changed(
    case: Case, guide: ItemGuide, code: str, change: Callable[[Paper, ItemMaterial], Paper]
) -> Paper:
    (material,) = (one for one in guide.materials if one.code == code)
    known = rules.papers(case.materials)
    paper = change(known.get(code, rules.UNKNOWN), material)
    case.materials = rules.rows({**known, code: paper})
    return paper
