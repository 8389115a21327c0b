"""Finding reviews, and showing them to their reviewers and to the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from sqlalchemy import Select, func, select

from onewindow_casework.handling.models import CaseFile, Reopening
from onewindow_casework.reviews.models import ANSWER, COMMENT, FOLLOW_UP, NOTE, Review, ReviewStep
from onewindow_casework.reviews.rules import satisfied, waits_for_follow_up
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.common import AreaCode, Code, Page
from onewindow_shared.contracts.review_life import (
    AppealGround,
    ReviewAction,
    ReviewChannel,
    ReviewLevel,
    ReviewStatus,
)
from onewindow_shared.contracts.reviews import (
    FollowUpOut,
    FollowUpSeen,
    ReviewDetail,
    ReviewOut,
    ReviewStepOut,
    ReviewWork,
)
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

NEWEST = Keyset((Review.id,), newest_first=True)


@dataclass(frozen=True)
class Filters:
    """Which reviews a list is of; a dependency of the list's route."""

    area: Annotated[AreaCode | None, Query(description="Only of this district, street or community")] = None
    department: Annotated[Code | None, Query()] = None
    status: Annotated[ReviewStatus | None, Query()] = None
    overdue: Annotated[bool | None, Query(description="Only those about which something was missed")] = None


def handling_of(unit: Unit, case: CaseFile) -> int:
    """Return which handling of a case is the present one."""
    before = select(func.count()).select_from(Reopening).where(Reopening.case_id == case.id)
    return 1 + unit.session.scalars(before).one()


def of_handling(unit: Unit, case: CaseFile) -> Review | None:
    """Return the review of a case's present handling, whose case the caller was found to reach."""
    query = select(Review).where(Review.case_id == case.id, Review.handling == handling_of(unit, case))
    return unit.session.scalar(query)


def to_follow_up(unit: Unit, case: CaseFile) -> Review | None:
    """Return the earliest review of a case whose answer can be judged now, whichever handling it is of."""
    return next((one for one in _of_case(unit, case) if waits(unit, one)), None)


def asked_about(unit: Unit, case: CaseFile, *, named: bool) -> Review | None:
    """Return the review of a case that can be followed up now, else the latest; `named` for the office."""
    given = [one for one in _of_case(unit, case) if not (named and one.anonymous)]
    waiting = [one for one in given if waits(unit, one)]
    return next(iter(waiting or given[-1:]), None)


def waits(unit: Unit, review: Review) -> bool:
    """Say whether the answer to a review can be judged by its reviewer now."""
    return waits_for_follow_up(ReviewStatus(review.status), review.due_on, unit.today)


def _of_case(unit: Unit, case: CaseFile) -> Sequence[Review]:
    query = select(Review).where(Review.case_id == case.id).order_by(Review.handling)
    return unit.session.scalars(query).all()


def find(unit: Unit, no: int) -> Review:
    """Return a review within reach, or raise `NotFound`."""
    return must_find(unit.session, select(Review).where(Review.id == no))


def locked(unit: Unit, no: int) -> Review:
    """Return a review as `find` does, and keep other writers from it until this transaction ends."""
    return must_find(unit.session, select(Review).where(Review.id == no).with_for_update())


def several(unit: Unit, wanted: Wanted, filters: Filters) -> Page[ReviewWork]:
    """Return a page of the reviews within reach, the newest first."""
    query: Select[Review] = select(Review)
    if filters.area is not None:
        query = query.where(within(Review, unit.gathered(filters.area)))
    exact = {"department": filters.department, "status": filters.status, "overdue": filters.overdue}
    query = query.filter_by(**{name: value for name, value in exact.items() if value is not None})
    return page(
        unit, query, NEWEST, wanted, bound=f"reviews {filters}", show=lambda one: show_work(unit, one)
    )


def show(unit: Unit, case: CaseFile, review: Review) -> ReviewOut:
    """Return a review as its reviewer sees it."""
    return ReviewOut(
        case_no=case.case_no,
        handling=review.handling,
        level=ReviewLevel(review.level),
        satisfied=satisfied(review.level, settings_of(unit).satisfied_from),
        channel=ReviewChannel(review.channel),
        anonymous=review.anonymous,
        comment=unit.vault.opened(review.comment_sealed, purpose=COMMENT),
        rated_at=review.rated_at,
        status=ReviewStatus(review.status),
        answer=unit.vault.opened(review.answer_sealed, purpose=ANSWER),
        answered_at=review.answered_at,
        follow_up=_follow_up(unit, review),
    )


def _follow_up(unit: Unit, review: Review) -> FollowUpOut | None:
    if review.follow_up_level is None or review.follow_up_at is None:
        return None
    return FollowUpOut(
        level=ReviewLevel(review.follow_up_level),
        comment=unit.vault.opened(review.follow_up_sealed, purpose=FOLLOW_UP),
        rated_at=review.follow_up_at,
    )


def show_work(unit: Unit, review: Review) -> ReviewWork:
    """Return a review as the office sees it: of an unnamed one it learns the day, and not the case."""
    return ReviewWork(
        version=review.version,
        review_no=review.id,
        case_no=None if review.anonymous else review.case_no,
        item_code=review.item_code,
        item_name=review.item_name,
        community=review.community,
        department=review.department,
        officer=review.officer,
        level=ReviewLevel(review.level),
        anonymous=review.anonymous,
        channel=ReviewChannel(review.channel),
        comment=unit.vault.opened(review.comment_sealed, purpose=COMMENT),
        rated_at=None if review.anonymous else review.rated_at,
        rated_on=review.rated_on,
        status=ReviewStatus(review.status),
        due_on=review.due_on,
        provisional=review.provisional,
        overdue=review.overdue,
        scheduled_for=review.scheduled_for,
        ground=AppealGround(review.ground) if review.ground else None,
        follow_up=_follow_up_seen(unit, review),
    )


def _follow_up_seen(unit: Unit, review: Review) -> FollowUpSeen | None:
    given = _follow_up(unit, review)
    if given is None:
        return None
    return FollowUpSeen(
        level=given.level, comment=given.comment, rated_on=local_day(given.rated_at, unit.zone)
    )


def show_detail(unit: Unit, review: Review) -> ReviewDetail:
    """Return a review with everything that was done about it, oldest first."""
    return ReviewDetail(**dict(show_work(unit, review)), steps=_steps(unit, review))


def _steps(unit: Unit, review: Review) -> Sequence[ReviewStepOut]:
    query = select(ReviewStep).where(ReviewStep.review_id == review.id).order_by(ReviewStep.id)
    return [_step(unit, review, step) for step in unit.session.scalars(query)]


def _step(unit: Unit, review: Review, step: ReviewStep) -> ReviewStepOut:
    unnamed = review.anonymous and step.action == ReviewAction.FOLLOW_UP
    return ReviewStepOut(
        at=None if unnamed else step.at,
        on=local_day(step.at, unit.zone),
        action=step.action,
        status=ReviewStatus(step.status),
        by="applicant" if unnamed else step.by_name,
        note=unit.vault.opened(step.note_sealed, purpose=NOTE),
        due_on=step.due_on,
        late=step.late,
    )
