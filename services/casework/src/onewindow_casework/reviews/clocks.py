"""What is due about a review and when, as rows of the timer; what was missed is seen (rules B1.7)."""

from datetime import date, datetime

from sqlalchemy import select

from onewindow_casework.clocks.queries import ends_at, is_over, last_day
from onewindow_casework.clocks.recounting import Recount, Slice, done_with, next_of
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews import inviting
from onewindow_casework.reviews.models import Review
from onewindow_casework.reviews.rules import DUTIES, Since
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.review_life import ReviewStatus
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import Due

STEP_OVER = "review.step_over"
"""Timer at the close of business of the last day of what is due."""
RUNNING = [status for status, duty in DUTIES.items() if duty.owed]


def set_due(unit: Unit, review: Review) -> None:
    """Count the last day of what is due now that a review stands as it does, and watch it."""
    unit.cancel_timer(STEP_OVER, str(review.id))
    duty = DUTIES.get(ReviewStatus(review.status))
    review.overdue = review.overdue and duty is not None and duty.since is Since.BEFORE
    if duty is None:
        review.due_on, review.provisional = None, False
        return
    if duty.since is not Since.BEFORE:
        review.since = review.rated_on if duty.since is Since.RATING else unit.today
        _keep(review, _due(unit, review))
    if duty.owed and not review.overdue:
        _watch(unit, review)


def _due(unit: Unit, review: Review) -> Due:
    duty = DUTIES[ReviewStatus(review.status)]
    days: int = getattr(settings_of(unit), duty.limit)
    return last_day(unit, review.since, days)


def _keep(review: Review, due: Due) -> None:
    review.due_on, review.provisional = due.day, due.provisional


def _watch(unit: Unit, review: Review) -> None:
    if review.due_on is not None:
        unit.set_timer(STEP_OVER, str(review.id), ends_at(unit, review.due_on))


def is_late(unit: Unit, review: Review) -> bool:
    """Say whether business has closed on the last day of what is owed now."""
    duty = DUTIES.get(ReviewStatus(review.status))
    owed = duty is not None and duty.owed and review.due_on is not None
    return owed and is_over(unit, review.due_on or date.max)


def step_over(unit: Unit, review_id: str, _due_at: datetime) -> None:
    """Flag a review about which something was missed, once, whenever the timer comes to it."""
    review = unit.session.scalar(select(Review).where(Review.id == int(review_id)).with_for_update())
    if review is None or review.overdue or not is_late(unit, review):
        return
    review.overdue, review.version = True, review.version + 1
    unit.audit("review.overdue", "review", review_id, area=review.community, detail={"status": review.status})


def _count_slice(unit: Unit, first: date, last: date, after: int) -> Slice:
    """Count again what is due about reviews and reaches a day from `first` to `last`."""
    running = select(Review).where(Review.due_on >= first, Review.since <= last, Review.status.in_([*DUTIES]))
    found = next_of(unit, running, Review.id, after)
    moved = sum(_recount(unit, review) for review in found)
    return done_with(moved, [review.id for review in found])


def _recount(unit: Unit, review: Review) -> bool:
    due = _due(unit, review)
    if due == Due(review.due_on or date.max, review.provisional):
        return False
    _keep(review, due)
    review.overdue = is_late(unit, review)
    review.version += 1
    if ReviewStatus(review.status) in RUNNING and not review.overdue:
        _watch(unit, review)
    if review.status == ReviewStatus.AUDITED:
        inviting.tell_what_stands(unit, unit.session.get_one(CaseFile, review.case_id))
    unit.audit("review.due_changed", "review", str(review.id), area=review.community)
    return True


DUE_DAYS = Recount("review.recount", _count_slice)
