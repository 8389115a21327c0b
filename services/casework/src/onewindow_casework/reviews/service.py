"""Giving a review, and reading it."""

from onewindow_casework.clocks.rules import in_time
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews import queries, rules
from onewindow_casework.reviews.models import Review
from onewindow_casework.settings import settings_of
from onewindow_casework.timeline.service import enter
from onewindow_shared.contracts.access import PERSONAL_ROLES
from onewindow_shared.contracts.casework import ReviewIn, ReviewOut
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, Problem, invalid
from onewindow_shared.plumbing.reference import work_calendar
from onewindow_shared.plumbing.rollups import facets_of
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day


class AlreadyReviewed(Problem):
    """This case has its review; there is one per case."""

    type = "urn:onewindow:problem:already-reviewed"
    title = "Already reviewed"
    status = 409


class TooLate(Problem):
    """The days after closing in which this district takes reviews are over."""

    type = "urn:onewindow:problem:review-too-late"
    title = "Too late for a review"
    status = 409


def rate(unit: Unit, case_no: str, body: ReviewIn) -> ReviewOut:
    """Take the one review of a case, from its applicant or at the window."""
    case = cases.find(unit, case_no)
    _check(unit, case, body)
    review = Review(
        case_id=case.id,
        level=body.level,
        channel=body.channel,
        comment=body.comment,
        rated_at=unit.now,
        entered_by=unit.actor.subject,
    )
    unit.session.add(review)
    unit.session.flush()
    unit.count(Metric.REVIEWS_RATED, community=case.community, by=facets_of(case))
    if rules.satisfied(body.level, settings_of(unit).satisfied_from):
        unit.count(Metric.REVIEWS_SATISFIED, community=case.community, by=facets_of(case))
    enter(unit, case, "reviewed", detail={"level": int(body.level), "channel": body.channel})
    return queries.show(unit, case, review)


def _check(unit: Unit, case: CaseFile, body: ReviewIn) -> None:
    fault = rules.fault_of_channel(body.channel, by_applicant=unit.actor.roles <= PERSONAL_ROLES)
    if fault is not None:
        raise invalid({"channel": fault})
    if CaseStatus(case.status) not in rules.HANDLED:
        raise MoveRefused(detail="A case is reviewed after its delivery.", state=case.status, action="review")
    closed_on = local_day(case.closed_at, unit.zone) if case.closed_at else None
    window = settings_of(unit).review_window_days
    if closed_on and not in_time(work_calendar(unit.session), closed_on, unit.today, window):
        raise TooLate(detail=f"Reviews are taken within {window} working days of closing.")


def read(unit: Unit, case_no: str) -> ReviewOut:
    """Return the review of a case within reach."""
    case = cases.find(unit, case_no)
    review = queries.of_case(unit, case)
    if review is None:
        raise NotFound
    return queries.show(unit, case, review)
