"""A department's application for a work item as its clients see it: form, check, opinions, decision."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.admission import (
    AssistingAction,
    Basis,
    Codes,
    CommunityRole,
    DutyOf,
    MatterClass,
    MatterKind,
    MatterName,
    Money,
    Names,
    Workload,
)
from onewindow_shared.contracts.admission_life import ItemAction, ItemStatus
from onewindow_shared.contracts.common import AreaCode, Contract, Moment, Resource, StatedDay, Text

Reference = Annotated[Text, StringConstraints(max_length=100)]


class CheckIn(Contract):
    """An application as far as it is written."""

    name: MatterName
    kind: MatterKind
    content: Text | None = None
    power_granted: Text | None = None
    conditions: Text | None = None
    training: Text | None = None
    data_asked: Text | None = None
    role: CommunityRole = CommunityRole.MAIN
    duty_of: DutyOf = DutyOf.NOBODY


class Finding(Contract):
    """A standing matter that an application comes upon, with its basis in its own words."""

    matter: str
    name: str
    matter_class: MatterClass
    refused: bool
    """Handed in like this, the application is rejected at once; else the community may help, and no more."""
    field: str
    """Field of the application that gives it away."""
    wording: str
    basis: list[Basis]
    instead: str | None


class CheckOut(Contract):
    """What would become of an application if it were handed in now."""

    refused: bool
    findings: Sequence[Finding]


class ItemIn(Contract):
    """The form of an application (申请准入社区工作事项审批表)."""

    name: MatterName
    aliases: Names = Field(default_factory=list)
    kind: MatterKind
    content: Text
    basis: Annotated[list[Basis], Field(min_length=1, max_length=10)]
    duty_of: DutyOf
    power_granted: Text | None = None
    """Authority handed over with the work (权随责走)."""
    role: CommunityRole
    actions: Annotated[list[AssistingAction], Field(max_length=len(AssistingAction))] = Field(
        default_factory=list
    )
    areas: Annotated[list[AreaCode], Field(min_length=1, max_length=500)]
    """District, streets or communities that it concerns."""
    first_day: StatedDay
    last_day: StatedDay | None = None
    workload: Workload
    money: Money
    """What is paid for it (费随事转)."""
    conditions: Text | None = None
    """What the community gets to work with beside money."""
    training: Text | None = None
    data_asked: Text | None = None
    """What the community is to collect, and from whom."""
    item_codes: Codes = Field(default_factory=list)


class ItemRow(Resource):
    """An item in a list."""

    code: str
    status: ItemStatus
    name: str
    kind: MatterKind
    matter_class: MatterClass | None
    department: str
    first_day: date
    last_day: date | None


class DecisionTime(Contract):
    """The clock of a decision, in working days from the last handing in."""

    submitted_at: Moment
    decide_by: date
    provisional: bool
    late: bool


class OpinionCounts(Contract):
    """How those who were asked last answered."""

    asked: int
    agree: int
    disagree: int
    conditions: int
    answers_by: date


class Vote(StrEnum):
    """How a member of the joint meeting voted."""

    FOR = "for"
    AGAINST = "against"
    ABSTAINED = "abstained"


class Member(Contract):
    """A body in the joint meeting, and its vote."""

    body: Reference
    vote: Vote


class MeetingOut(Contract):
    """A decision of the joint meeting."""

    held_on: date
    minutes: str
    votes: list[Member]
    outcome: str
    reasons: str
    on_time: bool
    decided_at: Moment


class ItemOut(Resource):
    """An item with everything its department, the district and those who were asked may see."""

    code: str
    status: ItemStatus
    department: str
    form: ItemIn
    findings: list[Finding]
    matter_class: MatterClass | None
    funded_at: Moment | None
    contract: str | None
    review_due: date | None
    off_from: date | None
    decision_time: DecisionTime | None
    opinions: OpinionCounts | None
    meetings: list[MeetingOut]
    actions: list[ItemAction]
    """What the caller may do with it now."""


class ReviewIn(Contract):
    """The beginning of a review: until when opinions are awaited, the district's usual days if not said."""

    answers_by: StatedDay | None = None


class ReturnIn(Contract):
    """What an application lacks."""

    missing: Text


class AdmissionDecisionIn(Contract):
    """What the joint meeting decided; an admission says as what."""

    admit: bool
    matter_class: MatterClass | None = None
    reasons: Text
    held_on: StatedDay
    minutes: Reference
    members: Annotated[list[Member], Field(min_length=1, max_length=50)]


class Answer(StrEnum):
    """What somebody who is asked thinks of an application."""

    AGREE = "agree"
    DISAGREE = "disagree"
    CONDITIONS = "conditions"
    """Yes, if the text is heeded."""


class OpinionIn(Contract):
    """An answer to an application; anything but plain agreement says why."""

    answer: Answer
    text: Text | None = None


class OpinionOut(Contract):
    """What somebody was asked, and answered."""

    item: str
    item_name: str
    department: str
    area: str
    round: int
    asked_at: Moment
    answer_by: date
    answer: Answer | None
    text: str | None
    answered_at: Moment | None


class EndReason(StrEnum):
    """Why an item leaves the lists (N10, N11)."""

    EXPIRED = "expired"
    BASIS_REPEALED = "basis_repealed"
    NOT_ACCEPTED = "not_accepted"
    """群众普遍不认可"""
    MONEY_STOPPED = "money_stopped"
    CONTRACT_ENDED = "contract_ended"
    """The contract by which the work was purchased is over."""
    REVOKED = "revoked"


class ExitIn(Contract):
    """Why an item leaves; `expired` and `contract_ended` come by themselves, `revoked` by its own route."""

    reason: EndReason
    explanation: Text


class ReasonIn(Contract):
    """Why something is done to an item."""

    reason: Text


class ItemStepOut(Contract):
    """One thing that happened to an item."""

    at: Moment
    step: str
    status: ItemStatus
    by: str
    note: str | None
