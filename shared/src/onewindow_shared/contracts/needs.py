"""Residents' needs: told at the window, matched with volunteers, confirmed by whoever was helped."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from onewindow_shared.contracts.common import (
    CommunityCode,
    Contract,
    Moment,
    ReadOff,
    Resource,
    StatedMoment,
    Text,
    Whole,
)
from onewindow_shared.contracts.identity import Mobile, PersonName
from onewindow_shared.contracts.numbers import CaseNo, VolunteerNo
from onewindow_shared.contracts.volunteers import Availability, ServiceCategory, Skill

MOST_NEED_MINUTES = 12 * 60


class NeedStatus(StrEnum):
    """Where a need stands; the last two are ends."""

    OPEN = "open"
    """A call: nobody has been asked, or whoever was asked could not."""
    OFFERED = "offered"
    """A volunteer is asked, and has some time to answer."""
    ACCEPTED = "accepted"
    DONE = "done"
    """The volunteer says so; the resident has to confirm it."""
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class MatchFactor(StrEnum):
    """What speaks for a volunteer."""

    DISTANCE = "distance"
    """Of the two communities: the same, of one street, of one district."""
    TIME = "time"
    """Share of the times wanted at which the volunteer can help."""
    CATEGORY = "category"
    """Whether the volunteer wants to help with this."""
    LOAD = "load"
    """How many needs the volunteer has now, or had of late."""


def _some_once(times: list[Availability]) -> list[Availability]:
    return list(dict.fromkeys(times))


class NeedIn(Contract):
    """What a resident needs; whoever accepts it is shown name, phone and address."""

    community: CommunityCode
    category: ServiceCategory
    skill: Skill | None = None
    """A skill that whoever helps must have."""
    trained: bool = False
    """A training in that skill has to be on record and valid; what people say of themselves is not enough."""
    times: Annotated[list[Availability], Field(min_length=1), AfterValidator(_some_once)]
    """When it suits."""
    minutes: Annotated[Whole, Field(ge=15, le=MOST_NEED_MINUTES)]
    """About how long it takes."""
    name: PersonName
    phone: Mobile
    address: Annotated[Text, Field(max_length=200)]
    details: Text
    """What is to be done; personal, so that it is shown with the address only."""
    consent: Literal[True]
    """The resident agrees that a volunteer who has accepted is shown this (个人信息保护法 art. 23)."""
    case_no: CaseNo | None = None
    """The case at the window that it came up in."""

    @model_validator(mode="after")
    def _training_is_in_something(self) -> Self:
        if self.trained and self.skill is None:
            raise ValueError("say in which skill whoever helps is trained")
        return self


class NeedRow(Contract):
    """A need in a list; nothing in it tells whose it is."""

    need_id: int
    community: str
    category: ServiceCategory
    skill: str | None
    trained: bool
    times: Sequence[Availability]
    minutes: int
    status: NeedStatus
    status_since: Moment
    offered_until: Moment | None


class NeedOut(Resource, NeedRow):
    """A need."""

    case_no: str | None
    volunteer_no: str | None
    """Who is asked, or helps."""
    record_id: int | None
    """The service record that came of it."""


class NeedTold(NeedOut):
    """A need as it was taken down, with the code by which the resident confirms that help came."""

    code: str


class FactorOut(Contract):
    """A factor with its figure, from 0 to 1, and what it adds."""

    factor: MatchFactor
    figure: float
    weight: int
    points: float
    """Figure by weight."""


class CandidateOut(Contract):
    """A volunteer who fits, and why."""

    volunteer_no: str
    name_masked: str
    community: str
    points: float
    factors: Sequence[FactorOut]


class LeftOutWhy(StrEnum):
    """Why somebody who has the skill is not asked; who is left out for several is counted by the first."""

    MINOR = "minor"
    NOT_TRAINED = "not_trained"
    """The need asks for a training, and none that is valid is on record."""
    NOT_TOLD = "not_told"
    """Did not agree to being told of activities."""
    NOT_RECORDED = "not_recorded"
    """Does not agree to service being recorded."""
    ASKED = "asked"
    """Was asked for this need before."""


class LeftOut(Contract):
    """How many were left out for one reason."""

    why: LeftOutWhy
    volunteers: int


class MatchOut(Contract):
    """Who fits best, in order; each has the skill, is of age, and agreed to being told."""

    need_id: int
    candidates: Sequence[CandidateOut]
    left_out: Sequence[LeftOut]
    """How many registered volunteers of the whole district say that they have the skill, and do not fit.

    Whoever fits and stands beyond the ones that are weighed is not counted here.
    """


class OfferIn(Contract):
    """Who is asked."""

    volunteer_no: VolunteerNo


class NeedContactOut(Contract):
    """Whom the volunteer helps, and where; shown after acceptance, and written down."""

    name: str
    phone: str
    address: str
    details: str


class HelpGivenIn(Contract):
    """When the volunteer was there."""

    came_at: StatedMoment
    left_at: StatedMoment
    """Travel is no service time."""

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if not timedelta(minutes=1) <= self.left_at - self.came_at <= timedelta(minutes=MOST_NEED_MINUTES):
            raise ValueError(f"help lasts between 1 and {MOST_NEED_MINUTES} minutes")
        return self


class NeedProofIn(Contract):
    """Number and code, as the resident was given them."""

    need_id: Annotated[int, Field(ge=1, lt=2**63)]
    code: ReadOff


class NeedProofOut(Contract):
    """A need as its resident sees it."""

    status: NeedStatus
    category: ServiceCategory
    helper_masked: str | None
    """Who helps, once that is settled."""
    came_at: Moment | None
    left_at: Moment | None
    """When the volunteer says to have been there."""


class NeedWithdrawalIn(Contract):
    """Why a need is given up, or why help that was claimed did not come."""

    reason: Annotated[Text, Field(min_length=4, max_length=500)]


class CaseNeedOut(Contract):
    """A need that came up in a case, as casework shows it."""

    need_id: int
    category: ServiceCategory
    status: NeedStatus
    since: Moment
