"""Inviting applicants to review: until when, by which code, told to where they follow their case."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from onewindow_casework.clocks.queries import ends_at
from onewindow_casework.clocks.recounting import Recount, Slice, done_with, next_of
from onewindow_casework.clocks.rules import limit
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews import queries
from onewindow_casework.settings import settings_of
from onewindow_casework.timeline.service import tell
from onewindow_shared.contracts.events import ReviewInvited
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

REMIND = "review.remind"
"""Timer of the day on which an applicant who has said nothing is reminded."""


def last_day_of(unit: Unit, case: CaseFile) -> date | None:
    """Return the last day for a review of a case's present handling; None while it is not closed."""
    return None if case.closed_at is None else last_day(unit, case.closed_at)


def last_day(unit: Unit, closed_at: datetime) -> date:
    """Return the last day for a review of a handling that ended then."""
    days = settings_of(unit).review_window_days
    return limit(work_calendar(unit.session), local_day(closed_at, unit.zone), days).day


def invite(unit: Unit, case_no: str, closed_at: datetime, until: date) -> None:
    """Tell that a handling has ended and can be reviewed until a day, and remind of it later.

    Who says nothing has said nothing: silence is no review, neither a good nor a bad one.
    """
    unit.publish(ReviewInvited(case_no=case_no, until=until))
    days = settings_of(unit).review_reminder_days
    if days:
        on = local_day(closed_at, unit.zone) + timedelta(days=days)
        unit.set_timer(REMIND, case_no, ends_at(unit, on))


def closed_to(unit: Unit, case: CaseFile) -> None:
    """Tell that the present handling cannot be reviewed: it was, or the case is taken up again."""
    case.review_until = None
    tell_what_stands(unit, case)


def tell_what_stands(unit: Unit, case: CaseFile) -> None:
    """Tell what can be said of a case now: of its present handling, else of the answer to a bad review."""
    if case.review_until is not None and unit.today <= case.review_until:
        unit.publish(ReviewInvited(case_no=case.case_no, until=case.review_until))
        return
    waiting = queries.to_follow_up(unit, case)
    until = waiting.due_on if waiting is not None else None
    unit.publish(ReviewInvited(case_no=case.case_no, until=until, follow_up=waiting is not None))


def _count_slice(unit: Unit, first: date, _last: date, after: int) -> Slice:
    """Count again until when cases can be reviewed, and tell it where it is another day than was told."""
    told = select(CaseFile).where(CaseFile.review_until >= first)
    found = next_of(unit, told, CaseFile.id, after)
    moved = sum(_told_anew(unit, case) for case in found)
    return done_with(moved, [case.id for case in found])


def _told_anew(unit: Unit, case: CaseFile) -> bool:
    until = last_day_of(unit, case)
    if until == case.review_until:
        return False
    case.review_until = until
    tell_what_stands(unit, case)
    detail = {"until": until.isoformat() if until else None}
    unit.audit("case.review_until_changed", "case", case.case_no, area=case.community, detail=detail)
    return True


WINDOWS = Recount("review.windows", _count_slice)


def remind(unit: Unit, case_no: str, _due_at: datetime) -> None:
    """Remind an applicant who can still review and has not.

    The step stands on the case after an unnamed review, too: its absence would tell of the review. Nobody is
    sent anything then, since there is no invitation any more.
    """
    case = cases.locked(unit, case_no)
    until, review = last_day_of(unit, case), queries.of_handling(unit, case)
    if until is not None and unit.today <= until and (review is None or review.anonymous):
        tell(unit, case, "review_reminded")
