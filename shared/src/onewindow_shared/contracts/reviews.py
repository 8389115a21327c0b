"""Reviews of the handling (好差评): who says what, and what follows a bad one (rules B1.7, C2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import IntEnum, StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.common import CommunityCode, Contract, Moment, ReadOff, Resource, Text
from onewindow_shared.contracts.identity import Mobile
from onewindow_shared.contracts.machines import CannotMoveError
from onewindow_shared.contracts.numbers import CaseNo


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


class ReviewIn(Contract):
    """What an applicant thinks of the handling."""

    level: ReviewLevel
    channel: ReviewChannel
    comment: Text | None = None
    anonymous: bool = False
    """Do not tell the office whose case it is: nobody calls back, and the case is not named."""


class FollowUpIn(Contract):
    """What the reviewer thinks of the answer (追评)."""

    level: ReviewLevel
    channel: ReviewChannel
    comment: Text | None = None


class InvitationIn(Contract):
    """Proof that one was invited."""

    code: Code


class CodedReviewIn(InvitationIn):
    """A review by whoever holds the code; its way follows from the code."""

    level: ReviewLevel
    comment: Text | None = None
    anonymous: bool = False


class CodedFollowUpIn(InvitationIn):
    """A follow-up by whoever holds the code."""

    level: ReviewLevel
    comment: Text | None = None


class FollowUpOut(Contract):
    """The follow-up of a review."""

    level: ReviewLevel
    comment: str | None
    rated_at: Moment


class ReviewOut(Contract):
    """A review as its reviewer sees it."""

    case_no: CaseNo
    handling: int
    """Which handling of the case it is of: 1, and one more with each reopening."""
    level: ReviewLevel
    satisfied: bool
    channel: ReviewChannel
    anonymous: bool
    comment: str | None
    rated_at: Moment
    status: ReviewStatus
    answer: str | None
    """What was told to the reviewer; the reasons where the review was excluded."""
    answered_at: Moment | None
    follow_up: FollowUpOut | None


class InvitationOut(Contract):
    """What whoever holds a code can do, without a word of who the applicant is."""

    case_no: CaseNo
    item_name: str
    office: str
    open: bool
    """A review can be given."""
    until: date | None
    """Last day for a review, or for the follow-up where one is awaited."""
    follow_up_open: bool
    review: ReviewOut | None


class InvitationsIn(Contract):
    """Telephone whose invitations are asked for by the token that proves it."""

    phone: Mobile


class ReviewInvitation(Contract):
    """A handling that can be reviewed now, with the code for it."""

    case_no: CaseNo
    item_name: str
    until: date
    follow_up: bool
    code: str
    link: str
    """Address for a browser: the code stands behind the `#`, so that no server's log has it."""


class ReviewStepOut(Contract):
    """Something that was done about a bad review."""

    at: Moment
    action: str
    status: ReviewStatus
    by: str
    note: str | None
    due_on: date | None
    late: bool


class ReviewWork(Resource):
    """A review as the office sees it; of an unnamed one neither case nor person."""

    review_no: int
    case_no: CaseNo | None
    item_code: str
    item_name: str
    community: CommunityCode
    department: str
    officer: str
    """Account of the officer whose handling was reviewed."""
    level: ReviewLevel
    anonymous: bool
    channel: ReviewChannel
    comment: str | None
    rated_at: Moment
    status: ReviewStatus
    due_on: date | None
    """Last day of the step that is due now."""
    provisional: bool
    overdue: bool
    scheduled_for: date | None
    ground: AppealGround | None
    follow_up: FollowUpOut | None


class ReviewDetail(ReviewWork):
    """A review with everything that was done about it."""

    steps: Sequence[ReviewStepOut]


class ReviewActions(Contract):
    """What the caller may do with a review now."""

    review_no: int
    version: int
    actions: Sequence[ReviewAction]


class ReviewNoteIn(Contract):
    """What was done or found."""

    note: Text


class ReviewScheduleIn(ReviewNoteIn):
    """When a review will have been put right, and why not now."""

    until: date


class ReviewAppealIn(Contract):
    """The reviewed officer says that a review is none."""

    ground: AppealGround
    evidence: Text


class AppealDecisionIn(Contract):
    """What became of an appeal."""

    excluded: bool
    reasons: Text


class ReviewAuditIn(Contract):
    """Whether the answer to a bad review holds."""

    passed: bool
    note: Text


class ResultsBy(StrEnum):
    """What published results are of."""

    ITEM = "item"
    WINDOW = "window"
    """The community whose window serves."""
    OFFICER = "officer"
    """A number that stands for the officer: no name."""
    OFFICE = "office"
    """The department that decides."""


class ReviewFigure(Contract):
    """A ratio with both its parts; null where its denominator is a small cell."""

    numerator: int | None
    denominator: int | None


class ReviewResult(Contract):
    """Figures of one item, window, officer or office."""

    key: str
    name: str | None
    satisfied: ReviewFigure
    contacted: ReviewFigure
    contacted_in_time: ReviewFigure
    answered_in_time: ReviewFigure
    levels: Mapping[str, int] | None
    """Reviews by level; null as a whole where one of them is a small cell."""


class FigureDefinition(Contract):
    """What a figure counts."""

    figure: str
    numerator: str
    denominator: str


class ReviewResults(Contract):
    """Published results of a period."""

    area: str
    first: date
    last: date
    by: ResultsBy
    small_cell: int
    """Reviews from which a figure is published."""
    definitions: Sequence[FigureDefinition]
    results: Sequence[ReviewResult]
