"""What an office does about a bad review: contact, answer or appeal; what those above it decide and audit."""

from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews import inviting, life, queries
from onewindow_casework.reviews.models import ANSWER, Review
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.review_life import ReviewAction
from onewindow_shared.contracts.reviews import (
    AppealDecisionIn,
    ReviewActions,
    ReviewAppealIn,
    ReviewAuditIn,
    ReviewDetail,
    ReviewNoteIn,
    ReviewScheduleIn,
    ReviewWork,
)
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.unit import Unit


def several(unit: Unit, wanted: Wanted, filters: queries.Filters) -> Page[ReviewWork]:
    """Return a page of the reviews within reach."""
    return queries.several(unit, wanted, filters)


def one(unit: Unit, no: int) -> ReviewDetail:
    """Return a review within reach."""
    return queries.show_detail(unit, queries.find(unit, no))


def possible(unit: Unit, no: int) -> ReviewActions:
    """Return what the caller may do with a review now."""
    review = queries.find(unit, no)
    return ReviewActions(review_no=no, version=review.version, actions=life.possible(unit, review))


def note(unit: Unit, no: int, seen: int, action: ReviewAction, body: ReviewNoteIn) -> ReviewDetail:
    """Contact the reviewer, put right what was wrong at once, or explain that the law gives no basis."""
    review = life.taken(unit, no, seen)
    life.move(unit, review, action, body.note)
    if action is not ReviewAction.CONTACT:
        review.answered_by = unit.actor.subject
    return _done(unit, review)


def schedule(unit: Unit, no: int, seen: int, body: ReviewScheduleIn) -> ReviewDetail:
    """Say when it will be put right, and why not now."""
    review = life.taken(unit, no, seen)
    if body.until <= unit.today:
        raise invalid({"until": "a day to come"})
    life.move(unit, review, ReviewAction.SCHEDULE, body.note)
    review.scheduled_for, review.answered_by = body.until, unit.actor.subject
    return _done(unit, review)


def feed_back(unit: Unit, no: int, seen: int, body: ReviewNoteIn) -> ReviewDetail:
    """Tell the reviewer what was done; of an unnamed one whoever holds the code reads it."""
    review = life.taken(unit, no, seen)
    life.move(unit, review, ReviewAction.FEED_BACK)
    _tell(unit, review, body.note)
    review.answered_by = unit.actor.subject
    return _done(unit, review)


def appeal(unit: Unit, no: int, seen: int, body: ReviewAppealIn) -> ReviewDetail:
    """Say, as the reviewed officer, that a review is mistaken, malicious or given twice; with evidence."""
    review = life.taken(unit, no, seen)
    life.move(unit, review, ReviewAction.APPEAL, body.evidence)
    review.ground = body.ground
    return _done(unit, review)


def decide_appeal(unit: Unit, no: int, seen: int, body: AppealDecisionIn) -> ReviewDetail:
    """Exclude a review from every figure and tell its reviewer why, or have it answered after all."""
    review = life.taken(unit, no, seen)
    life.move(unit, review, ReviewAction.EXCLUDE if body.excluded else ReviewAction.DISMISS, body.reasons)
    if body.excluded:
        _tell(unit, review, body.reasons)
    return _done(unit, review)


def audit(unit: Unit, no: int, seen: int, body: ReviewAuditIn) -> ReviewDetail:
    """Pass the answer, so that the reviewer is asked once more, or send it back."""
    review = life.taken(unit, no, seen)
    life.move(unit, review, ReviewAction.APPROVE if body.passed else ReviewAction.RETURN, body.note)
    if body.passed:
        inviting.tell_what_stands(unit, unit.session.get_one(CaseFile, review.case_id))
    return _done(unit, review)


def _tell(unit: Unit, review: Review, words: str) -> None:
    review.answer_sealed, review.answered_at = unit.vault.seal(words, purpose=ANSWER), unit.now


def _done(unit: Unit, review: Review) -> ReviewDetail:
    unit.session.flush()
    return queries.show_detail(unit, review)
