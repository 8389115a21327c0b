"""Figures of reviews: as they happen, and counted again from the table (rules C5: R1, R4-R6).

Everything about a review is counted on the day on which it was given; an excluded one is in no figure.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews.models import Review
from onewindow_casework.reviews.rules import satisfied
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.review_life import ReviewStatus
from onewindow_shared.plumbing.rollups import Facets, facets_of
from onewindow_shared.plumbing.unit import Unit

AT_ONCE = 5000


def facts(unit: Unit, review: Review) -> set[Metric]:
    """Return the figures that a review is in."""
    if not review.counted:
        return set()
    bad = review.status != ReviewStatus.GOOD
    named = bad and not review.anonymous
    told = {
        Metric.REVIEWS_RATED: True,
        Metric.REVIEWS_SATISFIED: satisfied(review.level, settings_of(unit).satisfied_from),
        Metric.REVIEWS_BAD: bad,
        Metric.REVIEWS_BAD_NAMED: named,
        Metric.REVIEWS_CONTACTED: named and review.contacted_in_time is not None,
        Metric.REVIEWS_CONTACTED_IN_TIME: named and review.contacted_in_time is True,
        Metric.REVIEWS_ANSWERED_IN_TIME: bad and review.answered_in_time is True,
    }
    return {metric for metric, so in told.items() if so}


def count(unit: Unit, review: Review, before: set[Metric]) -> None:
    """Count by how much the figures that a review is in have changed."""
    after = facts(unit, review)
    by = facets_of(unit.session.get_one(CaseFile, review.case_id), officer=review.officer)
    for metric in sorted(before ^ after):
        n = 1 if metric in after else -1
        unit.count(metric, n, community=review.community, day=review.rated_on, by=by)


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, Facets, str, int]]:
    """Yield metric, day, facets, community and change of everything that was counted."""
    query = select(Review, CaseFile).join(CaseFile, CaseFile.id == Review.case_id)
    for review, case in unit.session.execute(query.execution_options(yield_per=AT_ONCE)):
        by = facets_of(case, officer=review.officer)
        for metric in facts(unit, review):
            yield metric, review.rated_on, by, review.community, 1
