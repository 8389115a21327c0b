"""Files reach the check-list by themselves, and leave it when they have to go (rules C2 T3, T11)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import cast

from onewindow_intake.cases import rules as receiving
from onewindow_intake.cases.history import enter
from onewindow_intake.cases.models import Case, Notice
from onewindow_intake.cases.moving import moved, standing, take_charge
from onewindow_intake.cases.rules import sees_papers
from onewindow_intake.cases.told import guide_of, still_lacking
from onewindow_intake.checklist import files, rules
from onewindow_intake.checklist.rules import Look, Paper
from onewindow_intake.checklist.service import complete, step_of, worked
from onewindow_intake.reference import calendar_of
from onewindow_intake.settings import Settings
from onewindow_intake.tolerance.models import TolerantAcceptance
from onewindow_intake.tolerance.queries import deferred_papers
from onewindow_intake.tolerance.rules import Deferred, again, next_due
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

    The case has to be locked. A needed paper that was there is asked for anew, with as much time from today
    as a notice has to leave. Once the case has left the desk, what was seen of the paper stays seen.
    """
    guide = guide_of(unit, case)
    if case.status not in OPEN:
        _changed(case, guide, code, lambda old, _: files.unnamed(old, document))
        case.version += 1
        return
    over = receiving.settled_by_time(standing(case), unit.now)
    stood = rules.papers(case.materials).get(code, rules.UNKNOWN).there
    _changed(case, guide, code, lambda old, material: files.without_file(old, document, material))
    asked_anew = stood and not over and code in {material.code for material in still_lacking(unit, case)}
    due_at = _time_to_come_again(unit, case, code) if asked_anew else None
    if case.status == CaseStatus.TOLERANT_ACCEPTED:
        case.supplement_due_at = next_due(deferred_papers(unit, case), rules.papers(case.materials))
    else:
        complete(unit, case, guide)
    moved(unit, case, "file_withheld", detail={"materials": [code], "document": document})
    if due_at is not None:
        enter(unit, case, "time_added", detail={"due_at": due_at.isoformat()})


def _time_to_come_again(unit: Unit, case: Case, code: str) -> datetime | None:
    """Leave time for a paper that has to come again; return until when, or None if there was enough."""
    terms = cast("Settings", unit.settings).terms
    day, due_at = receiving.least_time(calendar_of(unit.session), unit.today, terms, unit.zone)
    if case.status == CaseStatus.CORRECTION:
        return _put_off(unit.session.get_one(Notice, case.case_no), case, day, due_at)
    if case.status == CaseStatus.TOLERANT_ACCEPTED:
        return _to_come_later(unit, case, Deferred(code, day, due_at))
    return None


def _put_off(notice: Notice, case: Case, day: date, due_at: datetime) -> datetime | None:
    if notice.due_at >= due_at:
        return None
    notice.deadline, notice.due_at, case.correction_due_at = day, due_at, due_at
    return due_at


def _to_come_later(unit: Unit, case: Case, paper: Deferred) -> datetime | None:
    promise = unit.session.get_one(TolerantAcceptance, case.case_no)
    before = deferred_papers(unit, case)
    after = again(before, paper)
    promise.deferred = [one.row() for one in after]
    return None if after == before else paper.due_at


def _changed(
    case: Case, guide: ItemGuide, code: str, change: Callable[[Paper, ItemMaterial], Paper]
) -> Paper:
    (material,) = (one for one in guide.materials if one.code == code)
    known = rules.papers(case.materials)
    paper = change(known.get(code, rules.UNKNOWN), material)
    case.materials = rules.rows({**known, code: paper})
    return paper
