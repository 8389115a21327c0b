"""Two-way evaluation of committees and of those they work with (双向评价; rules A26, A51-A53, N12)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.common import Code, CommunityCode, Contract, Moment, Resource, StatedDay, Text

Note = Annotated[Text, StringConstraints(max_length=500)]
Title = Annotated[Text, StringConstraints(max_length=100)]
Counterpart = Annotated[str, StringConstraints(pattern=r"^(?:[0-9]{9}|[a-z][a-z0-9_.-]{0,63})$")]
"""Code of a street office (9 digits) or of a department."""
Answers = Annotated[dict[Code, Annotated[int, Field(ge=1, le=5)]], Field(min_length=1, max_length=40)]
"""Question -> 1 to 5."""
Percent = Annotated[int, Field(ge=0, le=100)]


class Side(StrEnum):
    """The two who rate each other."""

    COMMITTEE = "committee"
    COUNTERPART = "counterpart"
    """The street office or department."""


class RoundStatus(StrEnum):
    """Where a yearly round stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    """Nobody rates any more; appeals are heard."""
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class RoundAction(StrEnum):
    """What happens to a round."""

    OPEN = "open"
    CLOSE = "close"
    PUBLISH = "publish"
    CANCEL = "cancel"


class Question(Contract):
    """One question about one of the two sides."""

    code: Code
    text: Note
    about: Side
    weight: Annotated[int, Field(ge=1, le=100)]


class PairIn(Contract):
    """A committee, and the street office or department that it works with."""

    community: CommunityCode
    counterpart: Counterpart


class RoundIn(Contract):
    """A round that is to be held."""

    year: Annotated[int, Field(ge=2000, le=2999)]
    title: Title
    opens_on: StatedDay
    closes_on: StatedDay
    """Last day, until the close of business."""
    residents_weight: Annotated[int, Field(ge=51, le=99)] | None = None
    """Percent that residents' appraisal counts, the largest share by rule; the district's unless given."""
    questions: Annotated[list[Question], Field(min_length=2, max_length=40)]
    pairs: Annotated[list[PairIn], Field(min_length=1, max_length=2000)]


class RoundOut(Resource):
    """A round, its questions and how far it has come."""

    round_id: int
    year: int
    title: str
    status: RoundStatus
    opens_on: date
    closes_on: date
    appeals_until: date
    residents_weight: int
    questions: list[Question]
    pairs: int
    rated_by_both: int
    """Pairs with both directions: the coverage (AD7)."""


class RatingIn(Contract):
    """What one side says of the other: every question about it is answered."""

    answers: Answers
    comment: Note | None = None


class RatingOut(Contract):
    """A rating, as far as the caller may see it."""

    by: Side
    answers: dict[str, int]
    comment: str | None
    score: int
    """0 to 10000."""
    corrected: bool
    """By an appeal."""
    rated_at: Moment


class AppraisalIn(Contract):
    """What residents said of one side in a democratic appraisal (上海市居民委员会工作条例 art. 18)."""

    about: Side
    held_on: StatedDay
    people: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many took part."""
    awareness: Percent
    """知晓度"""
    participation: Percent
    """参与度"""
    satisfaction: Percent
    """满意度"""
    method: Note


class AppraisalOut(AppraisalIn):
    """An appraisal as it was entered."""

    appraisal_id: int
    score: int


class AppealIn(Contract):
    """Why what the other side said is contested."""

    reason: Note


class AppealDecisionIn(Contract):
    """Upheld with the answers corrected, or dismissed."""

    upheld: bool
    reasons: Note
    answers: Answers | None = None
    """The corrected ones; of an upheld appeal only."""


class AppealOut(Resource):
    """An appeal."""

    appeal_id: int
    pair_id: int
    by: Side
    reason: str
    filed_at: Moment
    upheld: bool | None
    """Null until it is decided."""
    reasons: str | None


class PairOut(Contract):
    """A pair: who has rated; what was said once both have."""

    pair_id: int
    round_id: int
    community: str
    counterpart: str
    rated: list[Side]
    """Who has rated the other."""
    missing: list[str]
    """What a result still lacks."""
    ratings: list[RatingOut]
    """One's own; both once both are there."""
    appraisals: list[AppraisalOut]


class ResultOut(Contract):
    """The published result of a pair; without a score where something is missing, which is said."""

    year: int
    community: str
    community_name: str
    counterpart: str
    counterpart_name: str
    committee_score: int | None
    """0 to 10000; residents' appraisal has the largest weight."""
    counterpart_score: int | None
    residents_weight: int
    missing: list[str]
