"""Figures of reviews: as they happen, and counted again from the table (rules C5: R1-R6).

Everything about a review is counted on the day on which it was given, and once more on the day of the closing
that it is about; an excluded one is in no figure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from onewindow_casework.handling.models import CaseFile, Reopening
from onewindow_casework.reviews import queries
from onewindow_casework.reviews.models import Review
from onewindow_casework.reviews.rules import satisfied
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.review_life import ReviewStatus
from onewindow_shared.plumbing.rollups import Facets, facets_of
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

LEVELS: Mapping[int, Metric] = {
    1: Metric.REVIEWS_1,
    2: Metric.REVIEWS_2,
    3: Metric.REVIEWS_3,
    4: Metric.REVIEWS_4,
    5: Metric.REVIEWS_5,
}
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
    return {metric for metric, so in told.items() if so} | {LEVELS[review.level]}


def count(unit: Unit, review: Review, before: set[Metric]) -> None:
    """Count by how much the figures that a review is in have changed."""
    after = facts(unit, review)
    case = unit.session.get_one(CaseFile, review.case_id)
    if bool(before) != bool(after):
        _count_of_closing(unit, case, review.handling, 1 if after else -1)
    by = _facets(case, review.officer)
    for metric in sorted(before ^ after):
        n = 1 if metric in after else -1
        unit.count(metric, n, community=review.community, day=review.rated_on, by=by)


def count_closing(unit: Unit, case: CaseFile) -> bool:
    """Count that a handling which is closed now was reviewed before; say whether it was."""
    review = queries.of_handling(unit, case)
    if review is not None and review.counted:
        _count_of_closing(unit, case, review.handling, 1)
    return review is not None


def _facets(case: CaseFile, officer: str | None = None) -> Facets:
    """Return by what a review is counted: a channel or a grid cell would lead to its case."""
    return replace(facets_of(case, officer), channel="", grid="")


def _count_of_closing(unit: Unit, case: CaseFile, handling: int, n: int) -> None:
    former = select(Reopening.closed_at).where(Reopening.case_id == case.id).order_by(Reopening.id)
    closed_at = [*unit.session.scalars(former), case.closed_at][handling - 1]
    if closed_at is not None:
        day, by = local_day(closed_at, unit.zone), _facets(case)
        unit.count(Metric.REVIEWS_OF_CLOSINGS, n, community=case.community, day=day, by=by)


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, Facets, str, int]]:
    """Yield metric, day, facets, community and change of everything that was counted."""
    former: defaultdict[int, list[datetime]] = defaultdict(list)
    for case_id, closed_at in unit.session.execute(
        select(Reopening.case_id, Reopening.closed_at).order_by(Reopening.id)
    ):
        former[case_id].append(closed_at)
    query = select(Review, CaseFile).join(CaseFile, CaseFile.id == Review.case_id)
    for review, case in unit.session.execute(query.execution_options(yield_per=AT_ONCE)):
        closed = [*former.get(case.id, []), case.closed_at][review.handling - 1]
        if closed is not None and review.counted:
            day = local_day(closed, unit.zone)
            yield Metric.REVIEWS_OF_CLOSINGS, day, _facets(case), case.community, 1
        by = _facets(case, review.officer)
        for metric in facts(unit, review):
            yield metric, review.rated_on, by, review.community, 1
