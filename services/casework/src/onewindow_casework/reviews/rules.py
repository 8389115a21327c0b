"""When and by which way a handling is reviewed, what is due when about a bad review, who may not act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.review_life import ReviewAction, ReviewChannel, ReviewStatus
from onewindow_shared.contracts.review_results import ReviewFigure
from onewindow_shared.plumbing.small_cells import rounded

HANDLED = frozenset({CaseStatus.DELIVERED, CaseStatus.CLOSED, CaseStatus.REFUSED})
"""States in which the applicant knows the outcome."""


class Limit(StrEnum):
    """A limit of working days that the district sets; each is the name of its setting."""

    CONTACT = "review_contact_days"
    ANSWER = "review_answer_days"
    APPEAL = "review_appeal_days"
    AUDIT = "review_audit_days"
    FOLLOW_UP = "review_follow_up_days"


class Since(StrEnum):
    """What a limit is counted from."""

    RATING = "rating"
    NOW = "now"
    BEFORE = "before"
    """It goes on as it was."""


@dataclass(frozen=True)
class Duty:
    """What is due while a review stands so; `owed` unless it is the reviewer's to do or to leave."""

    limit: Limit
    since: Since
    owed: bool = True


_S = ReviewStatus
_ANSWER = Duty(Limit.ANSWER, Since.BEFORE)
DUTIES: Mapping[ReviewStatus, Duty] = {
    _S.BAD: Duty(Limit.CONTACT, Since.RATING),
    _S.BAD_UNNAMED: Duty(Limit.ANSWER, Since.RATING),
    _S.CONTACTED: Duty(Limit.ANSWER, Since.RATING),
    _S.RECTIFIED: _ANSWER,
    _S.SCHEDULED: _ANSWER,
    _S.EXPLAINED: _ANSWER,
    _S.APPEALED: Duty(Limit.APPEAL, Since.NOW),
    _S.RETURNED: Duty(Limit.ANSWER, Since.NOW),
    _S.FED_BACK: Duty(Limit.AUDIT, Since.NOW),
    _S.AUDITED: Duty(Limit.FOLLOW_UP, Since.NOW, owed=False),
}
"""State -> what is due; nothing is about a good review, or at an end."""


def waits_for_follow_up(status: ReviewStatus, due_on: date | None, today: date) -> bool:
    """Say whether the reviewer can judge the answer to their review now."""
    return status is ReviewStatus.AUDITED and due_on is not None and today <= due_on


class Bar(StrEnum):
    """Why somebody may not do what the table allows their role; as said to them."""

    REVIEWED = "nobody judges a review of their own handling"
    ANSWERED = "somebody else audits what you answered"
    NOT_REVIEWED = "only the reviewed officer appeals"


JUDGING = frozenset({ReviewAction.EXCLUDE, ReviewAction.DISMISS, ReviewAction.APPROVE, ReviewAction.RETURN})
AUDITING = frozenset({ReviewAction.APPROVE, ReviewAction.RETURN})


def bar(action: ReviewAction, *, actor: str, officer: str, answered_by: str | None) -> Bar | None:
    """Say why this person may not take a step, whatever their role may."""
    if action in JUDGING and actor == officer:
        return Bar.REVIEWED
    if action in AUDITING and actor == answered_by:
        return Bar.ANSWERED
    return Bar.NOT_REVIEWED if action is ReviewAction.APPEAL and actor != officer else None


def rated(level: int, satisfied_from: int, *, anonymous: bool) -> ReviewStatus:
    """Return where a new review stands."""
    if satisfied(level, satisfied_from):
        return ReviewStatus.GOOD
    return ReviewStatus.BAD_UNNAMED if anonymous else ReviewStatus.BAD


def satisfied(level: int, satisfied_from: int) -> bool:
    """Say whether a review counts as content (好评), by the stars from which the district counts one so."""
    return level >= satisfied_from


def fault_of_channel(channel: ReviewChannel, *, by_applicant: bool) -> str | None:
    """Say what is wrong with a channel: the window is where a clerk enters it, with the resident present."""
    if channel is ReviewChannel.LINK:
        return "a link is used with the code on the paper, by `review-invitations`"
    if by_applicant and channel is ReviewChannel.WINDOW:
        return "a review of one's own comes by phone or web"
    if not by_applicant and channel is not ReviewChannel.WINDOW:
        return "staff enter reviews at the window only, with the resident present"
    return None


def told(n: int, multiple: int) -> int | None:
    """Return how many reviews there are as it is published: 0 as little as few, both point at a person."""
    return rounded(n, multiple) or None


def figure(numerator: int, denominator: int, multiple: int) -> ReviewFigure:
    """Return both parts of a ratio as they are published."""
    return ReviewFigure(numerator=told(numerator, multiple), denominator=told(denominator, multiple))


def levels(counted: Mapping[str, int], multiple: int) -> Mapping[str, int | None]:
    """Return reviews by level as they are published."""
    return {level: told(n, multiple) for level, n in counted.items()}


def faults_of_months(first: date, last: date) -> dict[str, str]:
    """Say why a period is not one of whole months: two that differ by a day tell of that day."""
    faults = {"from": "is the first day of a month", "to": "is the last day of a month"}
    fits = {"from": first.day == 1, "to": (last + timedelta(days=1)).day == 1}
    return {name: fault for name, fault in faults.items() if not fits[name]}
