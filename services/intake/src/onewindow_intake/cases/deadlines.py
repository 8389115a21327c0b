"""What happens to a case by itself when a time is over, however long the service was down (T5, T9)."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo

from onewindow_intake.cases import queries, rules
from onewindow_intake.cases.history import enter
from onewindow_intake.cases.models import Case, Notice
from onewindow_intake.cases.moving import NOTICE_DUE, become_accepted, end, set_timers, standing
from onewindow_intake.papers.issuing import issue
from onewindow_intake.reference import calendar_of
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus, walk
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import WorkCalendar, local_day


def notice_is_due(unit: Unit, case_no: str, due_at: datetime) -> None:
    """Nobody gave a notice in time: the case is accepted since its receipt (行政许可法 art. 32(4))."""
    case = still(unit, case_no, CaseStatus.RECEIVED, count_again)
    if case is None:
        return
    over_at = case.notice_due_at
    move = walk(CaseStatus.RECEIVED, CaseAction.DEEM_ACCEPTED, None)
    become_accepted(unit, case, move.target, case.received_on, over_at)
    day = local_day(over_at, unit.zone)
    unit.count(Metric.CASES_DEEMED_ACCEPTED, community=case.community, day=day, by=facets_of(case))
    issue(unit, case, enter(unit, case, "deemed_accepted", at=over_at))


def correction_is_due(unit: Unit, case_no: str, due_at: datetime) -> None:
    """The corrections did not come in time: the application counts as withdrawn.

    It ends with its deadline. Where everything was declared in time and the window found later that it is not
    there, it ends when that was found: until then it waited for the window. The notice names the deadline.
    """
    case = still(unit, case_no, CaseStatus.CORRECTION, count_again)
    if case is None:
        return
    over_at = max(due_at, case.correction_due_at or due_at)
    move = walk(CaseStatus.CORRECTION, CaseAction.DEEM_WITHDRAWN, None)
    end(case, move.target, local_day(over_at, unit.zone))
    issue(unit, case, enter(unit, case, "deemed_withdrawn", at=over_at))


CountAgain = Callable[[Unit, WorkCalendar, Case, datetime], None]
"""Moves the times of a case that were not over at a moment to a calendar that changed then."""


def still(unit: Unit, case_no: str, status: CaseStatus, count: CountAgain) -> Case | None:
    """Return the case if it stands where the timer left it, and its time is over.

    Where a changed calendar has not come to it yet, its time is counted by that calendar first; then it may
    be over at another moment than the timer's.
    """
    case = queries.of(unit.session, case_no, to_move=True)
    if case.status != status:
        return None
    if (since := queries.counting_since(unit.session)) is not None:
        count(unit, calendar_of(unit.session), case, since)
    return case if rules.settled_by_time(standing(case), unit.now) else None


def count_again(unit: Unit, calendar: WorkCalendar, case: Case, since: datetime) -> None:
    """Move the time for the notice, or for the corrections, if it was not over when the calendar changed."""
    if case.status == CaseStatus.RECEIVED and case.notice_due_at > since:
        _count_notice(unit, calendar, case, since)
    if case.status == CaseStatus.CORRECTION and (case.correction_due_at or since) > since:
        _count_corrections(unit, calendar, case)


def _count_notice(unit: Unit, calendar: WorkCalendar, case: Case, since: datetime) -> None:
    hour = _closing_hour(case.notice_due_at, unit.zone)
    due, answer_due = (
        rules.notice_due(calendar, case.received_on, days, hour, unit.zone)
        for days in (case.notice_days, case.answer_days)
    )
    if case.answer_due_at > since:
        case.answer_due_at = answer_due
    if due != case.notice_due_at:
        case.notice_due_at = due
        unit.set_timer(NOTICE_DUE, case.case_no, due)
        enter(unit, case, "notice_moved", detail={"due_at": due.isoformat()})


def _count_corrections(unit: Unit, calendar: WorkCalendar, case: Case) -> None:
    notice = unit.session.get_one(Notice, case.case_no)
    due = ends_later(calendar, notice.deadline, notice.due_at, unit.zone)
    if due != notice.due_at:
        case.correction_due_at = notice.due_at = due
        deadline_moved(unit, case, due)


def deadline_moved(unit: Unit, case: Case, due: datetime) -> None:
    """Write down that the applicant has longer, since the day that was set is a day off."""
    set_timers(unit, case)
    enter(unit, case, "deadline_moved", detail={"due_at": due.isoformat()})


def ends_later(calendar: WorkCalendar, day: date, due_at: datetime, zone: tzinfo) -> datetime:
    """Return when a date that was set is over by a changed calendar; never sooner than was told."""
    return max(due_at, rules.date_ends(calendar, day, _closing_hour(due_at, zone), zone))


def _closing_hour(due_at: datetime, zone: tzinfo) -> int:
    return due_at.astimezone(zone).hour or 24
