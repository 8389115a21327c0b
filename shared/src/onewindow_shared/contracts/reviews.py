"""Reviews of the handling (好差评): who says what, and what follows a bad one (rules B1.7, C2)."""

from collections.abc import Sequence
from datetime import date

from onewindow_shared.contracts.common import CommunityCode, Contract, Moment, Resource, Text
from onewindow_shared.contracts.identity import Mobile
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.review_life import (
    AppealGround,
    Code,
    ReviewAction,
    ReviewChannel,
    ReviewLevel,
    ReviewStatus,
)


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


class FollowUpSeen(Contract):
    """The follow-up of a review as the office sees it."""

    level: ReviewLevel
    comment: str | None
    rated_on: date


class ReviewStepOut(Contract):
    """Something that was done about a bad review."""

    at: Moment | None
    """Null for what an unnamed reviewer did: the office learns its day."""
    on: date
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
    rated_at: Moment | None
    """Null for an unnamed review: the office learns its day."""
    rated_on: date
    status: ReviewStatus
    due_on: date | None
    """Last day of the step that is due now."""
    provisional: bool
    overdue: bool
    scheduled_for: date | None
    ground: AppealGround | None
    follow_up: FollowUpSeen | None


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
