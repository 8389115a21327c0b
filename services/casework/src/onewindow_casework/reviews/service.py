"""Giving a review of a handling and its follow-up, and reading them."""

from onewindow_casework.clocks.queries import hold_calendar
from onewindow_casework.handling import queries as cases
from onewindow_casework.handling.models import CaseFile
from onewindow_casework.reviews import clocks, counting, inviting, life, queries, rules
from onewindow_casework.reviews.models import COMMENT, FOLLOW_UP, Review
from onewindow_casework.settings import settings_of
from onewindow_casework.timeline.service import enter
from onewindow_shared.contracts.access import PERSONAL_ROLES, Permission, permits
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.review_life import ReviewAction, ReviewChannel
from onewindow_shared.contracts.reviews import FollowUpIn, ReviewIn, ReviewOut
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, Problem, invalid
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit


class AlreadyReviewed(Problem):
    """This handling has its review; there is one per handling."""

    type = "urn:onewindow:problem:already-reviewed"
    title = "Already reviewed"
    status = 409


class TooLate(Problem):
    """The days in which this district takes reviews, or follow-ups, are over."""

    type = "urn:onewindow:problem:review-too-late"
    title = "Too late for a review"
    status = 409


def rate(unit: Unit, case_no: str, body: ReviewIn) -> ReviewOut:
    """Take the one review of a handling, from its applicant or at the window."""
    _check_channel(unit, body.channel)
    return give(unit, case_no, body)


def give(unit: Unit, case_no: str, body: ReviewIn) -> ReviewOut:
    """Take the one review of a handling by a way that was proved."""
    hold_calendar(unit)
    case = cases.locked(unit, case_no)
    _check_time(unit, case)
    if queries.of_handling(unit, case) is not None:
        raise AlreadyReviewed
    from_ = settings_of(unit).satisfied_from
    review = Review(
        case_id=case.id,
        case_no=case.case_no,
        handling=queries.handling_of(unit, case),
        applicant_subject=case.applicant_subject,
        item_code=case.item_code,
        item_name=case.item_name,
        department=case.department,
        officer=case.handler or case.first_contact_officer,
        level=body.level,
        channel=body.channel,
        anonymous=body.anonymous,
        comment_sealed=unit.vault.sealed(body.comment, purpose=COMMENT),
        rated_at=unit.now,
        rated_on=unit.today,
        since=unit.today,
        entered_by=unit.actor.subject,
        status=rules.rated(body.level, from_, anonymous=body.anonymous),
        counted=True,
        overdue=False,
        **place(case.community),
    )
    unit.session.add(review)
    unit.session.flush()
    clocks.set_due(unit, review)
    counting.count(unit, review, set())
    _write_down(unit, case, review)
    inviting.closed_to(unit, case)
    return queries.show(unit, case, review)


def _write_down(unit: Unit, case: CaseFile, review: Review) -> None:
    """Write a review down with its case; an unnamed one by its own number, since staff read of the case."""
    detail = {"channel": review.channel}
    if review.anonymous:
        unit.audit("review.given", "review", str(review.id), area=review.community, detail=detail)
    else:
        enter(unit, case, "reviewed", detail=detail)


def _check_channel(unit: Unit, channel: ReviewChannel) -> None:
    fault = rules.fault_of_channel(channel, by_applicant=unit.actor.roles <= PERSONAL_ROLES)
    if fault is not None:
        raise invalid({"channel": fault})


def _check_time(unit: Unit, case: CaseFile) -> None:
    if CaseStatus(case.status) not in rules.HANDLED:
        raise MoveRefused(detail="A case is reviewed after its delivery.", state=case.status, action="review")
    until = inviting.last_day_of(unit, case)
    if until is not None and unit.today > until:
        window = settings_of(unit).review_window_days
        raise TooLate(detail=f"Reviews are taken within {window} working days of closing.")


def follow_up(unit: Unit, case_no: str, body: FollowUpIn) -> ReviewOut:
    """Take the one follow-up of a bad review that was answered, from its applicant or at the window."""
    _check_channel(unit, body.channel)
    return give_follow_up(unit, case_no, body)


def give_follow_up(unit: Unit, case_no: str, body: FollowUpIn) -> ReviewOut:
    """Take the one follow-up by a way that was proved."""
    hold_calendar(unit)
    case = cases.locked(unit, case_no)
    asked = queries.asked_about(unit, case, named=_is_office(unit))
    if asked is None:
        raise NotFound
    review = queries.locked(unit, asked.id)
    until = review.due_on
    review.follow_up_level, review.follow_up_at = body.level, unit.now
    review.follow_up_sealed = unit.vault.sealed(body.comment, purpose=FOLLOW_UP)
    life.move(unit, review, ReviewAction.FOLLOW_UP)
    if until is not None and unit.today > until:
        raise TooLate(detail=f"Follow-ups were taken until {until}.")
    inviting.tell_what_stands(unit, case)
    return queries.show(unit, case, review)


def possible(unit: Unit, case: CaseFile) -> list[str]:
    """Return the routes below the case by which the caller may say now what they think of its handling.

    Staff are offered a review after one that was given unnamed, too: they are not to learn of it.
    """
    if not permits(unit.actor.roles, Permission.CASE_REVIEW):
        return []
    return ["review"] * _reviewable(unit, case) + ["review/follow-up"] * _followable(unit, case)


def _reviewable(unit: Unit, case: CaseFile) -> bool:
    if CaseStatus(case.status) not in rules.HANDLED:
        return False
    review, until = queries.of_handling(unit, case), inviting.last_day_of(unit, case)
    unsaid = review is None or (review.anonymous and _is_office(unit))
    return unsaid and (until is None or unit.today <= until)


def _followable(unit: Unit, case: CaseFile) -> bool:
    review = queries.asked_about(unit, case, named=_is_office(unit))
    return (
        review is not None
        and ReviewAction.FOLLOW_UP in life.possible(unit, review)
        and queries.waits(unit, review)
    )


def read(unit: Unit, case_no: str) -> ReviewOut:
    """Return the review of a case that can be followed up, else its latest; unnamed ones to no staff."""
    case = cases.find(unit, case_no)
    review = queries.asked_about(unit, case, named=_is_office(unit))
    if review is None:
        raise NotFound
    return queries.show(unit, case, review)


def _is_office(unit: Unit) -> bool:
    return not unit.actor.roles <= PERSONAL_ROLES
