"""Volunteers' activities: what is announced, when, and who signed up (志愿服务条例 arts. 12-17, rules C4)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from onewindow_shared.contracts.attending import Missed
from onewindow_shared.contracts.common import (
    CommunityCode,
    Contract,
    Moment,
    Resource,
    RowId,
    StatedDay,
    StatedMoment,
    Text,
    Whole,
)
from onewindow_shared.contracts.identity import PersonName
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.volunteers import ServiceCategory, Skill

MOST_SHIFTS, MOST_ROLES = 60, 20


class ActivityStatus(StrEnum):
    """Where an activity stands; the last two are ends."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ENDED = "ended"


class MinorsRule(StrEnum):
    """Whether minors may join (浙江省志愿服务条例 art. 9: suited to their age, and agreed to)."""

    NOT_ADMITTED = "not_admitted"
    ADMITTED = "admitted"
    """With the consent that their guardian gave."""
    ACCOMPANIED = "accompanied"
    """With a grown-up who comes along, too."""


class SignupStatus(StrEnum):
    """Where somebody stands who signed up; the first three are open."""

    PLACED = "placed"
    OFFERED = "offered"
    """A place became free and is kept for a while."""
    WAITING = "waiting"
    CANCELLED = "cancelled"
    """By the volunteer."""
    EXPIRED = "expired"
    """An offer that was not taken in time."""
    CALLED_OFF = "called_off"
    """The activity does not take place."""


class Insurance(Contract):
    """Accident insurance of those who take part (志愿服务条例 art. 17)."""

    insurer: Annotated[Text, Field(max_length=100)]
    policy_no: Annotated[Text, Field(max_length=64)]
    valid_from: StatedDay | None = None
    """First day; unless given it is in force already."""
    valid_until: StatedDay
    """Last day."""


class RoleIn(Contract):
    """What somebody does in a shift, and how many are needed."""

    name: Annotated[Text, Field(max_length=50)]
    capacity: Annotated[Whole, Field(ge=1, le=10_000)]


class ShiftIn(Contract):
    """A time at which the activity takes place."""

    starts_at: StatedMoment
    ends_at: StatedMoment
    roles: Annotated[list[RoleIn], Field(min_length=1, max_length=MOST_ROLES)]

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("a shift ends after it begins")
        if len({role.name for role in self.roles}) < len(self.roles):
            raise ValueError("two roles have the same name")
        return self


class ActivityIn(Contract):
    """An activity as its organiser drafts it; what is missing has to be there when it is published."""

    community: CommunityCode
    title: Annotated[Text, Field(max_length=100)]
    category: ServiceCategory
    organisation: Annotated[Text, Field(max_length=100)] | None = None
    """Who organises it (志愿服务记录与证明出具办法 art. 7); whoever is registered is called so."""
    organisation_id: RowId | None = None
    """The registered organisation, team or station behind it; its policy insures the activity."""
    in_charge: PersonName | None = None
    """Who is in charge (art. 7): whoever drafts it, unless somebody else is named."""
    content: Text | None = None
    place: Annotated[Text, Field(max_length=200)] | None = None
    contact: Annotated[Text, Field(max_length=200)] | None = None
    """Whom to ask: published with the activity."""
    risks: Text | None = None
    """What can happen; "none known" is a statement too."""
    conditions: Text | None = None
    hazardous: bool = False
    insurance: Insurance | None = None
    skill: Skill | None = None
    """A skill that whoever joins must have been trained in (志愿服务条例 art. 16)."""
    minors: MinorsRule = MinorsRule.NOT_ADMITTED
    shifts: Annotated[list[ShiftIn], Field(max_length=MOST_SHIFTS)] = Field(default_factory=list)


class CallOffIn(Contract):
    """Why an activity does not take place."""

    reason: Text


class RoleOut(Contract):
    """A role of a shift, and how many it has."""

    role_id: int
    name: str
    capacity: int
    taken: int
    """Places that are given or offered."""


class ShiftOut(Contract):
    """A shift with its roles."""

    shift_id: int
    starts_at: Moment
    ends_at: Moment
    roles: Sequence[RoleOut]


class ActivityRow(Contract):
    """An activity in a list."""

    activity_id: int
    status: ActivityStatus
    title: str
    category: ServiceCategory
    community: str
    organisation: str
    hazardous: bool
    minors: MinorsRule


class ActivityOut(Resource):
    """An activity with its shifts."""

    activity_id: int
    status: ActivityStatus
    community: str
    title: str
    category: ServiceCategory
    organisation: str
    organisation_id: int | None
    in_charge: str | None
    content: str | None
    place: str | None
    contact: str | None
    risks: str | None
    conditions: str | None
    hazardous: bool
    insurance: Insurance | None
    skill: str | None
    minors: MinorsRule
    called_off: str | None
    """Why it does not take place."""
    shifts: Sequence[ShiftOut]


class SignupIn(Contract):
    """A volunteer signs up for a role of a shift."""

    role_id: RowId
    wait: bool = False
    """Stand in the line if the role is full."""
    accompanied: bool = False
    """A minor comes with a grown-up, where the activity asks for it."""


class PlacementIn(Contract):
    """The organiser offers a place to a volunteer who overlaps with something else."""

    role_id: RowId
    volunteer_no: VolunteerNo
    reason: Annotated[Text, Field(min_length=4, max_length=500)]
    """Why the overlap is right; kept with the place."""


class SignupOut(Resource):
    """Where somebody stands who signed up."""

    signup_id: int
    volunteer_no: str
    activity_id: int
    shift_id: int
    role_id: int
    status: SignupStatus
    position: int | None
    """Place in the line, 1 for the next one; null unless waiting."""
    offered_until: Moment | None
    overlap_minutes: int
    """Minutes shared with other shifts of the volunteer, within what the district tolerates."""
    accompanied: bool
    missed: Missed | None
    """Why somebody with a place was not there."""


class NoticeKind(StrEnum):
    """What a volunteer is told about a place, or about a resident's need."""

    OFFERED = "offered"
    EXPIRED = "expired"
    CALLED_OFF = "called_off"
    GIVEN_UP = "given_up"
    """The place, or the need, was given back for whoever does not serve, or is not recorded, any more."""
    WITHDRAWN = "withdrawn"
    """The need was given up: nobody has to come."""
    REMINDER = "reminder"
    """The shift is about to begin."""


class VolunteerNotice(Contract):
    """Something that a volunteer is told about a place or a need; said once."""

    at: Moment
    signup_id: int | None
    """The place; null with `activity_id` where it is about a need."""
    activity_id: int | None
    need_id: int | None
    """The need that one was asked for, or helps with."""
    kind: NoticeKind
