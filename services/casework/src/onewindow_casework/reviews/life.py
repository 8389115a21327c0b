"""Moving a review along the table of its life, and writing down by whom and whether in time."""

from onewindow_casework.clocks.queries import hold_calendar
from onewindow_casework.handling.moving import unless
from onewindow_casework.reviews import clocks, counting, queries, rules
from onewindow_casework.reviews.models import NOTE, Review, ReviewStep
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.review_life import ReviewAction, ReviewStatus, review_actions, walk_review
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.problems import MoveRefused
from onewindow_shared.plumbing.unit import Unit


def taken(unit: Unit, no: int, seen: int) -> Review:
    """Load a review for writing, as the caller saw it."""
    hold_calendar(unit)
    review = queries.locked(unit, no)
    expect_version(queries.show_work(unit, review), seen)
    return review


def move(unit: Unit, review: Review, action: ReviewAction, note: str | None = None) -> None:
    """Bring a review to where the table says that this actor's action leads, unless it is not theirs."""
    before = ReviewStatus(review.status)
    try:
        target = walk_review(before, action, unit.actor.roles)
    except CannotMoveError as error:
        raise MoveRefused(detail=f"{error}.", state=before, action=action) from error
    unless(_bar(unit, review, action))
    figures, late = counting.facts(unit, review), clocks.is_late(unit, review)
    step = ReviewStep(
        review_id=review.id,
        at=unit.now,
        action=action,
        status=target,
        by=unit.actor.subject,
        by_name=unit.actor.name,
        note_sealed=unit.vault.sealed(note, purpose=NOTE),
        due_on=review.due_on,
        late=late,
    )
    unit.session.add(step)
    review.status, review.version = target, review.version + 1
    review.counted = target is not ReviewStatus.EXCLUDED
    _judge(review, action, in_time=not late)
    clocks.set_due(unit, review)
    counting.count(unit, review, figures)
    detail = {"status": target, "late": late}
    unit.audit(f"review.{action}", "review", str(review.id), area=review.community, detail=detail)


def _judge(review: Review, action: ReviewAction, *, in_time: bool) -> None:
    if action is ReviewAction.CONTACT:
        review.contacted_in_time = in_time
    if action is ReviewAction.FEED_BACK and review.answered_in_time is None:
        review.answered_in_time = in_time


def possible(unit: Unit, review: Review) -> list[ReviewAction]:
    """Return what the caller may do with a review now."""
    offered = review_actions(ReviewStatus(review.status), unit.actor.roles)
    return [action for action in offered if _bar(unit, review, action) is None]


def _bar(unit: Unit, review: Review, action: ReviewAction) -> rules.Bar | None:
    actor = unit.actor.subject
    return rules.bar(action, actor=actor, officer=review.officer, answered_by=review.answered_by)
