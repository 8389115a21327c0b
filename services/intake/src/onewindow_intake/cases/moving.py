"""Moving a case: finding it, asking whether it can be moved, and writing down that it was."""

from datetime import date, datetime
from typing import NoReturn

from onewindow_intake.cases import queries, rules, shown
from onewindow_intake.cases.history import enter
from onewindow_intake.cases.models import Case
from onewindow_intake.cases.rules import Standing
from onewindow_intake.cases.told import guide_of, lines_of
from onewindow_intake.cases.visits import came_on
from onewindow_intake.catalogue.rules import handling
from onewindow_intake.checklist.rules import papers
from onewindow_intake.handoffs.ending import end_open
from onewindow_intake.papers.issuing import issue
from onewindow_intake.reference import calendar_of
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.contracts.intake import Channel
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.unit import Unit

NOTICE_DUE = "case.notice_due"
CORRECTION_DUE = "case.correction_due"
SUPPLEMENT_DUE = "case.supplement_due"


def to_move(unit: Unit, case_no: str, seen: int, action: CaseAction) -> tuple[Case, CaseStatus]:
    """Return a case that can be moved, and where the move leads."""
    case = queries.of(unit.session, case_no, to_move=True)
    expect(unit, case, seen)
    target = target_of(unit, case, action)
    take_charge(unit, case)
    return case, target


def take_charge(unit: Unit, case: Case) -> None:
    """Make the first officer who deals with a case from home the one asked first (首问负责).

    What a colleague offered while nobody answered for the case is no longer theirs to give.
    """
    if rules.in_person(unit.actor.roles):
        return
    case.first_contact_officer = case.first_contact_officer or unit.actor.subject
    if not case.responsible_officer:
        case.responsible_officer = unit.actor.subject
        end_open(unit, case.case_no, case.responsible_officer)


def expect(unit: Unit, case: Case, seen: int) -> None:
    """Refuse somebody who saw an older state."""
    if case.version != seen:
        expect_version(whole(unit, case), seen)


def target_of(unit: Unit, case: Case, action: CaseAction) -> CaseStatus:
    """Say where an action leads, or refuse it."""
    if action in left_to_authority(unit, case):
        detail = "It was taken in for another community: its own window does this."
        raise MoveRefused(state=case.status, action=action, detail=detail)
    try:
        return rules.move(standing(case), action, unit.actor.roles, unit.now).target
    except CannotMoveError as error:
        _refuse_move(unit, case, action, error)


def left_to_authority(unit: Unit, case: Case) -> frozenset[CaseAction]:
    """Return what the caller does not do because the case belongs elsewhere; an applicant does none of it."""
    mine = unit.actor.scope.owner is not None or unit.actor.scope.covers(case.community)
    return frozenset() if mine else rules.OF_THE_AUTHORITY


def _refuse_move(unit: Unit, case: Case, action: CaseAction, error: CannotMoveError) -> NoReturn:
    detail = "See the case's actions for what is possible."
    if rules.settled_by_time(standing(case), unit.now):
        detail = "The time for this is over; the case is about to move by itself."
    elif rules.taken_back_elsewhere(CaseStatus(case.status), action, unit.actor.roles):
        detail = f"It is accepted: POST /api/casework/v1/cases/{case.case_no}/withdrawal takes it back."
    raise MoveRefused(state=case.status, action=action, detail=detail) from error


def standing(case: Case) -> Standing:
    """Return what decides whether a case can be moved."""
    complete = case.complete_on is not None or case.declared_at is not None
    return Standing(
        CaseStatus(case.status),
        case.notice_due_at,
        case.correction_due_at,
        complete,
        case.supplement_due_at,
    )


def moved(
    unit: Unit,
    case: Case,
    step: str,
    *,
    acting: Acting | None = None,
    reason: str | None = None,
    detail: dict[str, object] | None = None,
) -> CaseOut:
    """Write down a step of a case that has moved, and show the case."""
    set_timers(unit, case)
    issue(unit, case, enter(unit, case, step, acting=acting, reason=reason, detail=detail))
    return whole(unit, case)


def set_timers(unit: Unit, case: Case) -> None:
    """Leave no case without the timer of its state: one that is incomplete again after its deadline too."""
    if case.status != CaseStatus.RECEIVED:
        unit.cancel_timer(NOTICE_DUE, case.case_no)
    if case.status != CaseStatus.CORRECTION:
        unit.cancel_timer(CORRECTION_DUE, case.case_no)
    elif case.correction_due_at is not None and not standing(case).complete:
        unit.set_timer(CORRECTION_DUE, case.case_no, max(case.correction_due_at, unit.now))
    if case.status != CaseStatus.TOLERANT_ACCEPTED or case.supplement_due_at is None:
        unit.cancel_timer(SUPPLEMENT_DUE, case.case_no)
    else:
        unit.set_timer(SUPPLEMENT_DUE, case.case_no, max(case.supplement_due_at, unit.now))


def whole(unit: Unit, case: Case) -> CaseOut:
    """Show a case with its check-list."""
    return shown.whole(unit.vault, case, guide_of(unit, case), lines_of(unit, case))


def become_accepted(unit: Unit, case: Case, status: CaseStatus, day: date, at: datetime) -> None:
    """Make a case binding: the limits run from `day`, and casework is told."""
    limit = rules.completion_due(calendar_of(unit.session), day, case.promised_days)
    case.status = status
    case.accepted_at, case.accepted_on = at, day
    case.due_on, case.provisional = limit.day, limit.provisional
    accepted = CaseAccepted.model_validate(case, from_attributes=True)
    told = handling(guide_of(unit, case)) | {"came_on": visited(unit, case)}
    unit.publish(accepted.model_copy(update=told))
    unit.count(Metric.CASES_ACCEPTED, community=case.community, day=day, by=facets_of(case))


def visited(unit: Unit, case: Case) -> list[date]:
    """Return the days on which the applicant came to a window."""
    return came_on(Channel(case.channel), case.received_on, papers(case.materials).values(), unit.zone)


def end(case: Case, status: CaseStatus, day: date) -> None:
    """Close a case that intake has brought to its end."""
    case.status, case.ended_on = status, day
