"""Use cases on a case until it is accepted, refused or withdrawn (rules C2 T2-T4, T6, T8, T10, T20)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from onewindow_intake.cases import lines, queries, rules, shown
from onewindow_intake.cases.acting import acting_in
from onewindow_intake.cases.defects import opened, sealed
from onewindow_intake.cases.models import DEFECTS, REFUSED_BECAUSE, UNMET, Case, Notice, Refusal
from onewindow_intake.cases.moving import become_accepted, end, expect, moved, take_charge, target_of, to_move
from onewindow_intake.cases.problems import SecondDemand, SecondNotice
from onewindow_intake.cases.rules import Terms
from onewindow_intake.cases.told import asked_of, guide_of, lines_of
from onewindow_intake.checklist import rules as checklist
from onewindow_intake.reference import calendar_of
from onewindow_intake.routing.service import check_acceptance
from onewindow_shared.contracts.cases import CaseOut, CaseParticulars
from onewindow_shared.contracts.intake import (
    CaseDisclosureIn,
    CorrectionsIn,
    DefectIn,
    RefusalIn,
    TakenBackIn,
    UnmetIn,
)
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.parties import Power
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.unit import NotedError, Unit

SECOND_DEMAND = "case.second_demand"
"""How the audit names a demand beyond the one notice."""


def accept(unit: Unit, case_no: str, seen: int) -> CaseOut:
    """Accept a case in which nothing is missing (T6, T8)."""
    case, target = to_move(unit, case_no, seen, CaseAction.ACCEPT)
    guide = guide_of(unit, case)
    check_acceptance(unit, case, guide)
    lacking = checklist.missing(guide.materials, checklist.papers(case.materials), asked_of(unit, case))
    lacking |= lines.missing(lines_of(unit, case))
    if lacking:
        raise invalid(lacking, kind="missing")
    day = rules.acceptance_day(CaseStatus(case.status), case.complete_on, unit.today)
    become_accepted(unit, case, target, day, unit.now)
    return moved(unit, case, "accepted")


def ask_for_corrections(unit: Unit, case_no: str, seen: int, form: CorrectionsIn, terms: Terms) -> CaseOut:
    """Give the one notice of everything that has to be corrected (T4)."""
    case = queries.of(unit.session, case_no, to_move=True)
    expect(unit, case, seen)
    if unit.session.get(Notice, case_no) is not None:
        told = SecondNotice(detail="The applicant was told what to correct; see the notice.")
        raise NotedError(told, partial(note_second_demand, case_no=case_no, action="corrections"))
    target = target_of(unit, case, CaseAction.REQUEST_CORRECTION)
    take_charge(unit, case)
    due = _deadline(unit, case, form, terms)
    papers, materials = checklist.papers(case.materials), guide_of(unit, case).materials
    if unseen := checklist.not_looked_at(form.defects, materials, papers):
        raise invalid(unseen)
    defects = checklist.all_defects(form.defects, materials, papers)
    in_time = unit.now < case.answer_due_at
    unit.session.add(
        Notice(
            case_no=case_no,
            issued_at=unit.now,
            issued_by=unit.actor.subject,
            deadline=form.deadline,
            due_at=due,
            defects_sealed=sealed(unit.vault, defects, purpose=DEFECTS),
            answers={},
            in_time=in_time,
        )
    )
    _note_notice_again(unit, case, defects, terms)
    defective = {defect.material for defect in defects if defect.material}
    case.materials = checklist.rows(checklist.without(papers, defective))
    case.status, case.correction_due_at = target, due
    case.complete_on, case.declared_at = None, None
    unit.count(Metric.CORRECTIONS_ASKED, community=case.community, by=facets_of(case))
    if in_time:
        unit.count(Metric.CORRECTIONS_ASKED_IN_TIME, community=case.community, by=facets_of(case))
    return moved(unit, case, "correction", detail={"deadline": form.deadline.isoformat()})


def _note_notice_again(unit: Unit, case: Case, defects: Sequence[DefectIn], terms: Terms) -> None:
    """Count a notice that goes beyond the one of a case that a window has taken back for the applicant.

    Whoever applies anew may be told anew (行政许可法 art. 32), so it stands; but the district sees it.
    """
    before = queries.notice_taken_back(unit.session, case, unit.now - terms.renewed_within)
    if before is None:
        return
    if rules.beyond(opened(unit.vault, before.defects_sealed, purpose=DEFECTS), defects):
        note_second_demand(unit, case_no=case.case_no, action="renewed")


def _deadline(unit: Unit, case: Case, form: CorrectionsIn, terms: Terms) -> datetime:
    known = {material.code for material in guide_of(unit, case).materials}
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


def only_what_was_told(unit: Unit, case: Case, untold: Sequence[object], action: str) -> None:
    """Refuse to find fault with what the notice did not name."""
    if untold:
        told = SecondDemand(detail="Only what the notice named can still be asked for; see the notice.")
        raise NotedError(told, partial(note_second_demand, case_no=case.case_no, action=action))


def note_second_demand(unit: Unit, *, case_no: str, action: str) -> None:
    """Count a demand that was refused, so that the district sees it."""
    case = queries.of(unit.session, case_no)
    unit.count(Metric.SECOND_DEMANDS, community=case.community, by=facets_of(case))
    unit.audit(SECOND_DEMAND, "case", case_no, area=case.community, detail={"action": action})


def refuse(unit: Unit, case_no: str, seen: int, form: RefusalIn, terms: Terms) -> CaseOut:
    """Refuse to accept, in writing and with reasons (T2, T10)."""
    case, target = to_move(unit, case_no, seen, CaseAction.REFUSE_ACCEPTANCE)
    if wrong := rules.refused(CaseStatus(case.status), form):
        raise invalid(wrong)
    unmet = _still_wrong(unit, case, form.unmet) if form.unmet else []
    unit.session.add(
        Refusal(
            case_no=case_no,
            issued_at=unit.now,
            issued_by=unit.actor.subject,
            ground=form.ground,
            reason_sealed=unit.vault.seal(form.reason, purpose=REFUSED_BECAUSE),
            competent_body=form.competent_body,
            unmet_sealed=sealed(unit.vault, unmet, purpose=UNMET),
            remedies=terms.remedies,
        )
    )
    end(case, target, unit.today)
    unit.count(Metric.CASES_NOT_ACCEPTED, community=case.community, by=facets_of(case))
    return moved(unit, case, "not_accepted", detail={"ground": form.ground})


def _corrections_came(unit: Unit, case: Case) -> None:
    """Leave the applicant the time of the notice: papers are still wrong only after some have come (T10)."""
    if not queries.corrected(unit.session, case.case_no):
        raise invalid({"ground": "nothing was handed in since the notice: its deadline is the applicant's"})


def _still_wrong(unit: Unit, case: Case, demands: Sequence[UnmetIn]) -> list[DefectIn]:
    """Return what a refusal goes by in the notice's words, never what the window took as corrected (T8)."""
    told = lines_of(unit, case)
    if wrong := lines.wrongly_named(told, demands):
        raise invalid(wrong)
    only_what_was_told(unit, case, lines.beyond(told, demands), "refusal")
    _corrections_came(unit, case)
    if wrong := lines.wrongly_unmet(told, demands):
        raise invalid(wrong)
    return lines.still_wrong(told, demands)


def withdraw(unit: Unit, case_no: str, seen: int, form: TakenBackIn) -> CaseOut:
    """Let the applicant take the case back (T20)."""
    case, target = to_move(unit, case_no, seen, CaseAction.WITHDRAW)
    acting = acting_in(unit, case, form.acting, Power.WITHDRAW)
    end(case, target, unit.today)
    return moved(unit, case, "withdrawn", acting=acting, reason=form.reason)


def disclose(unit: Unit, case_no: str, form: CaseDisclosureIn) -> CaseParticulars:
    """Show the full particulars, and write down to whom and why (个人信息保护法 art. 6).

    A minor's are recorded as such (未成年人网络保护条例 art. 36).
    """
    case = queries.of(unit.session, case_no)
    found = shown.particulars(unit.vault, case, unit.today)
    detail = {"minor": found.minor}
    unit.audit("case.disclosed", "case", case_no, area=case.community, reason=form.reason, detail=detail)
    return found
