"""Finding reviews, and showing them."""

from sqlalchemy import select

from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews.models import Review
from onewindow_casework.reviews.rules import satisfied
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.casework import ReviewChannel, ReviewLevel, ReviewOut
from onewindow_shared.plumbing.unit import Unit


def of_case(unit: Unit, case: CaseFile) -> Review | None:
    """Return the review of a case that the caller was found to reach."""
    return unit.session.scalar(select(Review).where(Review.case_id == case.id))


def show(unit: Unit, case: CaseFile, review: Review) -> ReviewOut:
    """Return a review as everybody who reaches its case may see it."""
    return ReviewOut(
        case_no=case.case_no,
        level=ReviewLevel(review.level),
        satisfied=satisfied(review.level, settings_of(unit).satisfied_from),
        channel=ReviewChannel(review.channel),
        comment=review.comment,
        rated_at=review.rated_at,
    )
