"""Use cases on a case until it is accepted, refused or withdrawn (rules C2 T2-T4, T6, T8, T10, T20)."""

from datetime import date, datetime
from typing import NoReturn

from onewindow_intake.cases import queries, rules, shown
from onewindow_intake.cases.history import enter
from onewindow_intake.cases.models import Case, Notice, Refusal
from onewindow_intake.cases.problems import SecondNotice
from onewindow_intake.cases.rules import Standing, Terms
from onewindow_intake.catalogue.queries import guide
from onewindow_intake.reference import calendar_of
from onewindow_shared.contracts.cases import CaseOut, CaseParticulars
from onewindow_shared.contracts.catalogue import ItemGuide
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.contracts.intake import (
    CaseDisclosureIn,
    CorrectionsIn,
    MaterialsIn,
    RefusalIn,
    TakenBackIn,
)
from onewindow_shared.contracts.lifecycle import CannotMoveError, CaseAction, CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused, invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

NOTICE_DUE = "case.notice_due"
CORRECTION_DUE = "case.correction_due"


def hand_in(unit: Unit, case_no: str, seen: int, form: MaterialsIn) -> CaseOut:
    """Take papers, or corrections on the spot (T3); a case that waits for corrections goes on waiting."""
    case, target = _to_move(unit, case_no, seen, CaseAction.CORRECT_ON_SPOT)
    published = _guide(unit, case)
    known = {material.code for material in published.materials}
    if wrong := rules.wrong_materials(known, form.materials):
        raise invalid(wrong)
    seen_now = rules.sees_papers(unit.actor.roles)
    case.materials = rules.handed_in(case.materials, form.materials, unit.now, seen=seen_now)
    codes = sorted(material.code for material in form.materials)
    case.status = target
    _complete(unit, case, published, codes)
    return _moved(unit, case, "materials", detail={"materials": codes, "seen": seen_now})


def _complete(unit: Unit, case: Case, published: ItemGuide, given: list[str]) -> None:
    """Say since when everything needed is there, by the window's eyes and by the applicant's word."""
    asked = _asked(unit, case)
    lacking = rules.missing(published.materials, case.materials, asked)
    undeclared = rules.missing(published.materials, case.materials, asked, declared=True)
    needed = {material.code for material in published.materials if material.required}
    told = unit.session.get(Notice, case.case_no)
    earliest = local_day(told.issued_at, unit.zone) if told else case.received_on
    came_on = rules.came_on(case.materials, needed | asked | set(given), earliest, unit.zone)
    case.complete_on = None if lacking else case.complete_on or came_on
    case.declared_at = None if undeclared else case.declared_at or unit.now


def accept(unit: Unit, case_no: str, seen: int) -> CaseOut:
    """Accept a case in which nothing is missing (T6, T8)."""
    case, target = _to_move(unit, case_no, seen, CaseAction.ACCEPT)
    lacking = rules.missing(_guide(unit, case).materials, case.materials, _asked(unit, case))
    if lacking:
        raise invalid(lacking, kind="missing")
    day = rules.acceptance_day(CaseStatus(case.status), case.complete_on, unit.today)
    case.first_contact_officer = case.first_contact_officer or unit.actor.subject
    become_accepted(unit, case, target, day, unit.now)
    return _moved(unit, case, "accepted")


def become_accepted(unit: Unit, case: Case, status: CaseStatus, day: date, at: datetime) -> None:
    """Make a case binding: the limits run from `day`, and casework is told."""
    limit = rules.completion_due(calendar_of(unit.session), day, case.promised_days)
    case.status = status
    case.accepted_at, case.accepted_on = at, day
    case.due_on, case.provisional = limit.day, limit.provisional
    unit.publish(CaseAccepted.model_validate(case, from_attributes=True))
    unit.count(Metric.CASES_ACCEPTED, community=case.community, day=day, item=case.item_code)


def ask_for_corrections(unit: Unit, case_no: str, seen: int, form: CorrectionsIn, terms: Terms) -> CaseOut:
    """Give the one notice of everything that has to be corrected (T4)."""
    case = queries.of(unit.session, case_no, to_move=True)
    _expect(unit, case, seen)
    if unit.session.get(Notice, case_no) is not None:
        raise SecondNotice(detail="The applicant was told what to correct; see the notice.")
    target = _target(unit, case, CaseAction.REQUEST_CORRECTION)
    due = _deadline(unit, case, form, terms)
    unit.session.add(
        Notice(
            case_no=case_no,
            issued_at=unit.now,
            issued_by=unit.actor.subject,
            deadline=form.deadline,
            due_at=due,
            defects=[defect.model_dump() for defect in form.defects],
        )
    )
    defective = {defect.material for defect in form.defects if defect.material}
    case.materials = rules.without(case.materials, defective)
    case.status, case.correction_due_at = target, due
    case.complete_on, case.declared_at = None, None
    return _moved(unit, case, "correction", detail={"deadline": form.deadline.isoformat()})


def _deadline(unit: Unit, case: Case, form: CorrectionsIn, terms: Terms) -> datetime:
    known = {material.code for material in _guide(unit, case).materials}
    wrong = {
        f"defects.{place}.material": "this item has no such material"
        for place, defect in enumerate(form.defects)
        if defect.material is not None and defect.material not in known
    }
    due = rules.correction_due(calendar_of(unit.session), unit.today, form.deadline, terms, unit.zone)
    if isinstance(due, str):
        wrong["deadline"] = due
    if wrong or isinstance(due, str):
        raise invalid(wrong)
    return due


def refuse(unit: Unit, case_no: str, seen: int, form: RefusalIn, terms: Terms) -> CaseOut:
    """Refuse to accept, in writing and with reasons (T2, T10)."""
    case, target = _to_move(unit, case_no, seen, CaseAction.REFUSE_ACCEPTANCE)
    if wrong := rules.refused(CaseStatus(case.status), form):
        raise invalid(wrong)
    unit.session.add(
        Refusal(
            case_no=case_no,
            issued_at=unit.now,
            issued_by=unit.actor.subject,
            ground=form.ground,
            reason=form.reason,
            competent_body=form.competent_body,
            remedies=terms.remedies,
        )
    )
    end(case, target, unit.today)
    unit.count(Metric.CASES_NOT_ACCEPTED, community=case.community, item=case.item_code)
    return _moved(unit, case, "not_accepted", detail={"ground": form.ground})


def withdraw(unit: Unit, case_no: str, seen: int, form: TakenBackIn) -> CaseOut:
    """Let the applicant take the case back (T20)."""
    case, target = _to_move(unit, case_no, seen, CaseAction.WITHDRAW)
    end(case, target, unit.today)
    return _moved(unit, case, "withdrawn", reason=form.reason)


def end(case: Case, status: CaseStatus, day: date) -> None:
    """Close a case that was never accepted."""
    case.status, case.ended_on = status, day


def disclose(unit: Unit, case_no: str, form: CaseDisclosureIn) -> CaseParticulars:
    """Show the full particulars, and write down to whom and why (个人信息保护法 art. 6).

    A minor's are recorded as such (未成年人网络保护条例 art. 36).
    """
    case = queries.of(unit.session, case_no)
    found = shown.particulars(unit.vault, case, unit.today)
    detail = {"minor": found.minor}
    unit.audit("case.disclosed", "case", case_no, area=case.community, reason=form.reason, detail=detail)
    return found


def _to_move(unit: Unit, case_no: str, seen: int, action: CaseAction) -> tuple[Case, CaseStatus]:
    """Return a case that can be moved, and where the move leads."""
    case = queries.of(unit.session, case_no, to_move=True)
    _expect(unit, case, seen)
    return case, _target(unit, case, action)


def _expect(unit: Unit, case: Case, seen: int) -> None:
    if case.version != seen:
        expect_version(_whole(unit, case), seen)


def _target(unit: Unit, case: Case, action: CaseAction) -> CaseStatus:
    try:
        return rules.move(standing(case), action, unit.actor.roles, unit.now).target
    except CannotMoveError as error:
        _refuse_move(unit, case, error)


def _refuse_move(unit: Unit, case: Case, error: CannotMoveError) -> NoReturn:
    late = rules.settled_by_time(standing(case), unit.now)
    detail = (
        "The time for this is over; the case is about to move by itself."
        if late
        else "See the case's actions for what is possible."
    )
    raise MoveRefused(state=error.status, action=error.action, detail=detail) from error


def standing(case: Case) -> Standing:
    """Return what decides whether a case can be moved."""
    complete = case.complete_on is not None or case.declared_at is not None
    return Standing(CaseStatus(case.status), case.notice_due_at, case.correction_due_at, complete)


def _moved(
    unit: Unit, case: Case, step: str, *, reason: str | None = None, detail: dict[str, object] | None = None
) -> CaseOut:
    _set_timers(unit, case)
    enter(unit, case, step, reason=reason, detail=detail)
    return _whole(unit, case)


def _set_timers(unit: Unit, case: Case) -> None:
    """Leave no case without the timer of its state: one that is incomplete again after its deadline too."""
    if case.status != CaseStatus.RECEIVED:
        unit.cancel_timer(NOTICE_DUE, case.case_no)
    if case.status != CaseStatus.CORRECTION:
        unit.cancel_timer(CORRECTION_DUE, case.case_no)
    elif case.correction_due_at is not None and not standing(case).complete:
        unit.set_timer(CORRECTION_DUE, case.case_no, max(case.correction_due_at, unit.now))


def _guide(unit: Unit, case: Case) -> ItemGuide:
    return guide(unit.session, case.item_code, case.item_version)


def _asked(unit: Unit, case: Case) -> set[str]:
    notice = unit.session.get(Notice, case.case_no)
    defects = notice.defects if notice else []
    return {defect["material"] for defect in defects if defect["material"]}


def _whole(unit: Unit, case: Case) -> CaseOut:
    return shown.whole(unit.vault, case, _guide(unit, case))
