"""Inviting applicants to review: until when, by which code, told to where they follow their case."""

from datetime import date, datetime, timedelta

from onewindow_casework.clocks.queries import ends_at
from onewindow_casework.clocks.rules import limit
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews import queries
from onewindow_casework.reviews.models import Review
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
    return None if case.closed_at is None else _until(unit, case.closed_at)


def _until(unit: Unit, closed_at: datetime) -> date:
    days = settings_of(unit).review_window_days
    return limit(work_calendar(unit.session), local_day(closed_at, unit.zone), days).day


def invite(unit: Unit, case_no: str, closed_at: datetime) -> None:
    """Tell that a handling has ended and can be reviewed, and remind of it later.

    Who says nothing has said nothing: silence is no review, neither a good nor a bad one.
    """
    until = _until(unit, closed_at)
    unit.publish(ReviewInvited(case_no=case_no, until=until))
    days = settings_of(unit).review_reminder_days
    if days:
        on = local_day(closed_at, unit.zone) + timedelta(days=days)
        unit.set_timer(REMIND, case_no, ends_at(unit, on))


def closed_to(unit: Unit, case: CaseFile) -> None:
    """Tell that nothing can be said of a case now: it was said, or the case is taken up again."""
    unit.cancel_timer(REMIND, case.case_no)
    unit.publish(ReviewInvited(case_no=case.case_no, until=None))


def to_follow_up(unit: Unit, review: Review) -> None:
    """Tell that the answer to a bad review stands, and can be judged once by its reviewer."""
    unit.publish(ReviewInvited(case_no=review.case_no, until=review.due_on, follow_up=True))


def remind(unit: Unit, case_no: str, _due_at: datetime) -> None:
    """Remind an applicant who can still review and has not."""
    case = cases.locked(unit, case_no)
    until = last_day_of(unit, case)
    if until is not None and unit.today <= until and queries.of_handling(unit, case) is None:
        tell(unit, case, "review_reminded")
