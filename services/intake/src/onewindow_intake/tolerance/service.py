"""Use cases of tolerant acceptance, and what happens by itself when a paper does not come (T7, T11, T12)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from onewindow_intake.cases import rules as receiving
from onewindow_intake.cases.acting import acting_in, side_of
from onewindow_intake.cases.deadlines import deadline_moved, ends_later, still
from onewindow_intake.cases.history import enter
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.moving import become_accepted, end, moved, to_move, visited
from onewindow_intake.cases.rules import Terms
from onewindow_intake.cases.told import guide_of
from onewindow_intake.checklist import rules as checklist
from onewindow_intake.checklist.service import take_down, wrong
from onewindow_intake.papers.issuing import issue
from onewindow_intake.reference import calendar_of
from onewindow_intake.routing.service import check_acceptance
from onewindow_intake.tolerance import rules
from onewindow_intake.tolerance.models import TolerantAcceptance
from onewindow_intake.tolerance.queries import deferred_papers
from onewindow_intake.tolerance.rules import Deferred
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.catalogue import ItemGuide
from onewindow_shared.contracts.events import CaseRevoked, CaseSupplemented
from onewindow_shared.contracts.intake import SupplementIn
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus, walk
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.outcomes import MissedSupplement, TolerantAcceptanceIn
from onewindow_shared.contracts.parties import Acting, Power
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due, WorkCalendar, local_day

STEPS = {
    CaseStatus.ACCEPTANCE_REVOKED: "acceptance_revoked",
    CaseStatus.DEEMED_WITHDRAWN: "supplement_missed",
}
"""What a case's history calls each consequence."""


def accept_tolerantly(
    unit: Unit, case_no: str, seen: int, form: TolerantAcceptanceIn, terms: Terms
) -> CaseOut:
    """Accept a case in which only listed papers are missing, on the applicant's promise (T7)."""
    case, target = to_move(unit, case_no, seen, CaseAction.ACCEPT_TOLERANTLY)
    guide = guide_of(unit, case)
    check_acceptance(unit, case, guide)
    calendar = calendar_of(unit.session)
    promised = receiving.completion_due(calendar, unit.today, case.promised_days)
    signed_at = form.promise.signed_at or unit.now
    if faults := rules.wrong(form, _asked(unit, case, guide, promised, signed_at)):
        raise invalid(faults)
    papers = rules.deferred(form, calendar, terms.closing_hour, unit.zone)
    unit.session.add(
        TolerantAcceptance(
            case_no=case_no,
            issued_at=unit.now,
            issued_by=unit.actor.subject,
            signed_by=form.promise.signed_by,
            signed_how=form.promise.signed_how,
            signed_at=signed_at,
            deferred=[paper.row() for paper in papers],
            consequence=terms.supplement_missed,
            remedies=terms.remedies,
        )
    )
    case.supplement_due_at = rules.next_due(papers, checklist.papers(case.materials))
    become_accepted(unit, case, target, unit.today, unit.now)
    unit.count(Metric.CASES_TOLERANTLY_ACCEPTED, community=case.community, by=facets_of(case))
    detail: dict[str, object] = {"deferred": [paper.material for paper in papers]}
    return moved(unit, case, "tolerant_accepted", acting=form.promise.signed_by, detail=detail)


def _asked(unit: Unit, case: Case, guide: ItemGuide, promised: Due, signed_at: datetime) -> rules.Asked:
    lacking = checklist.absent(guide.materials, checklist.papers(case.materials))
    return rules.Asked(
        materials=guide.materials,
        lacking=frozenset(material.code for material in lacking),
        today=unit.today,
        now=unit.now,
        received_on=case.received_on,
        promised=promised.day,
        side=side_of(unit, case),
        signed_on=local_day(signed_at, unit.zone),
    )


def supplement(unit: Unit, case_no: str, seen: int, form: SupplementIn) -> CaseOut:
    """Take papers that were to come later; once the window has seen the last one, the case goes on (T11)."""
    case, target = to_move(unit, case_no, seen, CaseAction.SUPPLEMENT)
    acting = acting_in(unit, case, form.acting, Power.CORRECT)
    papers = deferred_papers(unit, case)
    known = {paper.material for paper in papers}
    faults = wrong(unit, case, known, form.materials) | rules.not_deferred(papers, form.materials)
    if faults:
        raise invalid(faults)
    said = {paper.code: paper.remark for paper in form.materials}
    take_down(unit, case, guide_of(unit, case), form.materials, said)
    return came(unit, case, target, [material.code for material in form.materials], acting)


def came(
    unit: Unit, case: Case, target: CaseStatus, codes: Sequence[str], acting: Acting, **detail: object
) -> CaseOut:
    """Write down that papers came which were to come later; the last one moves the case on."""
    papers, known = deferred_papers(unit, case), checklist.papers(case.materials)
    case.supplement_due_at = rules.next_due(papers, known)
    if not rules.awaited(papers, known):
        case.status = target
        unit.publish(CaseSupplemented(case_no=case.case_no, at=unit.now, came_on=visited(unit, case)))
    detail = {"materials": sorted(codes), "seen": receiving.sees_papers(unit.actor.roles), **detail}
    return moved(unit, case, "supplemented", acting=acting, detail=detail)


def supplement_is_due(unit: Unit, case_no: str, due_at: datetime) -> None:
    """A paper did not come by its day: what the applicant was told happens (T12)."""
    case = still(unit, case_no, CaseStatus.TOLERANT_ACCEPTED, count_again)
    if case is None:
        return
    over_at = max(due_at, case.supplement_due_at or due_at)
    promise = unit.session.get_one(TolerantAcceptance, case_no)
    action = rules.MISSED[MissedSupplement(promise.consequence)]
    move = walk(CaseStatus.TOLERANT_ACCEPTED, action, None)
    end(case, move.target, local_day(over_at, unit.zone))
    unit.publish(CaseRevoked(case_no=case_no, status=move.target, at=over_at))
    issue(unit, case, enter(unit, case, STEPS[move.target], at=over_at))


def count_again(unit: Unit, calendar: WorkCalendar, case: Case, since: datetime) -> None:
    """Move the days of papers that were not over when the calendar changed.

    Those of declared papers too: the window may find them missing yet.
    """
    promise = unit.session.get_one(TolerantAcceptance, case.case_no)
    before = [Deferred.of(row) for row in promise.deferred]
    papers = [
        replace(paper, due_at=ends_later(calendar, paper.due_on, paper.due_at, unit.zone))
        if paper.due_at > since
        else paper
        for paper in before
    ]
    if moved_on := [paper.due_at for paper in papers if paper not in before]:
        promise.deferred = [paper.row() for paper in papers]
        case.supplement_due_at = rules.next_due(papers, checklist.papers(case.materials))
        deadline_moved(unit, case, min(moved_on))
