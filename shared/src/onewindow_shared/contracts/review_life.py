"""The states of a review, what leads from one to another, and who may do it (rules C6)."""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.common import ReadOff
from onewindow_shared.contracts.machines import CannotMoveError


class ReviewChannel(StrEnum):
    """How a review came; `window` is entered on the clerk's device with the resident present."""

    WINDOW = "window"
    PHONE = "phone"
    """By a code that was sent to the applicant's telephone."""
    WEB = "web"
    LINK = "link"
    """By the code on a paper of the case."""


class ReviewLevel(IntEnum):
    """The five levels of 好差评; from how many on a review is a good one is the district's rule."""

    VERY_SATISFIED = 5
    SATISFIED = 4
    BASICALLY_SATISFIED = 3
    DISSATISFIED = 2
    VERY_DISSATISFIED = 1


class ReviewStatus(StrEnum):
    """Where a review stands."""

    GOOD = "good"
    BAD = "bad"
    """With a name: who gave it is called back (回访)."""
    BAD_UNNAMED = "bad_unnamed"
    """Nobody may ask who gave it; it is answered all the same."""
    CONTACTED = "contacted"
    RECTIFIED = "rectified"
    SCHEDULED = "scheduled"
    """To be put right later, with the reason."""
    EXPLAINED = "explained"
    """What was asked for has no basis in law."""
    APPEALED = "appealed"
    EXCLUDED = "excluded"
    """Mistaken or malicious: in no figure, and its reviewer is told why."""
    RETURNED = "returned"
    """The appeal was dismissed, or the result did not pass the audit: it is to be answered again."""
    FED_BACK = "fed_back"
    AUDITED = "audited"
    FOLLOWED_UP = "followed_up"


class ReviewAction(StrEnum):
    """What is done with a bad review."""

    CONTACT = "contact"
    RECTIFY = "rectify"
    SCHEDULE = "schedule"
    EXPLAIN = "explain"
    APPEAL = "appeal"
    EXCLUDE = "exclude"
    DISMISS = "dismiss"
    FEED_BACK = "feed_back"
    APPROVE = "pass"
    RETURN = "return"
    FOLLOW_UP = "follow_up"


class AppealGround(StrEnum):
    """Why a review may be excluded."""

    MISTAKEN = "mistaken"
    """A slip, or meant for another handling (误评)."""
    MALICIOUS = "malicious"
    DUPLICATE = "duplicate"
    """The same complaint of the same handling was reviewed elsewhere."""


_S, _A = ReviewStatus, ReviewAction
_HANDLERS = frozenset(
    {Role.WINDOW_CLERK, Role.AGENT_OFFICER, Role.DEPARTMENT_OFFICER, Role.COMMUNITY_MANAGER}
)
_ABOVE = frozenset({Role.STREET_SUPERVISOR, Role.DISTRICT_ADMIN})
_REVIEWERS = frozenset({Role.RESIDENT, Role.VOLUNTEER, Role.WINDOW_CLERK})
ANSWERABLE = frozenset({_S.CONTACTED, _S.BAD_UNNAMED, _S.RETURNED})
"""States in which the handling office says what it does about a review."""
ANSWERED = frozenset({_S.RECTIFIED, _S.SCHEDULED, _S.EXPLAINED})

REVIEW_MOVES: Mapping[tuple[ReviewStatus, ReviewAction], tuple[ReviewStatus, frozenset[Role]]] = {
    (_S.BAD, _A.CONTACT): (_S.CONTACTED, _HANDLERS),
    **{(status, _A.RECTIFY): (_S.RECTIFIED, _HANDLERS) for status in ANSWERABLE | {_S.SCHEDULED}},
    **{(status, _A.SCHEDULE): (_S.SCHEDULED, _HANDLERS) for status in ANSWERABLE},
    **{(status, _A.EXPLAIN): (_S.EXPLAINED, _HANDLERS) for status in ANSWERABLE},
    **{(status, _A.APPEAL): (_S.APPEALED, _HANDLERS) for status in (_S.CONTACTED, _S.BAD_UNNAMED)},
    (_S.APPEALED, _A.EXCLUDE): (_S.EXCLUDED, _ABOVE),
    (_S.APPEALED, _A.DISMISS): (_S.RETURNED, _ABOVE),
    **{(status, _A.FEED_BACK): (_S.FED_BACK, _HANDLERS) for status in ANSWERED},
    (_S.FED_BACK, _A.APPROVE): (_S.AUDITED, _ABOVE),
    (_S.FED_BACK, _A.RETURN): (_S.RETURNED, _ABOVE),
    (_S.AUDITED, _A.FOLLOW_UP): (_S.FOLLOWED_UP, _REVIEWERS),
}
"""State and action -> next state, and the roles that may."""


def walk_review(status: ReviewStatus, action: ReviewAction, roles: Iterable[Role]) -> ReviewStatus:
    """Return where `action` leads from `status`, or raise `CannotMoveError`."""
    target, by = REVIEW_MOVES.get((status, action), (status, frozenset[Role]()))
    if by.isdisjoint(roles):
        raise CannotMoveError("a review", status, action)
    return target


def review_actions(status: ReviewStatus, roles: Iterable[Role]) -> list[ReviewAction]:
    """Return what these roles may do with a review that stands so."""
    held = frozenset(roles)
    return [action for (at, action), (_, by) in REVIEW_MOVES.items() if at is status and by & held]


Code = Annotated[ReadOff, Field(description="The review code as it stands on the paper or in the message")]
