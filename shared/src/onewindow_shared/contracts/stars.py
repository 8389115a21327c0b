"""Stars of volunteers: awarded step by step after a time of publicity; honours and incentives as records."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Moment, Resource, StatedDay, Text
from onewindow_shared.contracts.numbers import VolunteerNo


class StarStatus(StrEnum):
    """Where a star stands; the last two are ends."""

    PUBLICISED = "publicised"
    """Shown to everybody, who may object."""
    GRANTED = "granted"
    REFUSED = "refused"


class StarIn(Contract):
    """Somebody applies for the next star."""


class StarRow(Contract):
    """A star in the list that everybody may read."""

    star_id: int
    holder: str
    """Masked."""
    community: str
    level: int
    status: StarStatus
    open_until: date
    """Last day on which anybody may object."""


class StarOut(Resource, StarRow):
    """A star, as its holder and the staff of the area see it."""

    volunteer_no: str
    minutes: int
    """Confirmed when it was applied for."""
    objections: int
    decided_at: Moment | None
    reason: str | None
    """Why it was refused, or granted in spite of an objection."""


class ObjectionIn(Contract):
    """Why a star should not be granted."""

    statement: Text


class ObjectionOut(Contract):
    """An objection as it was taken in."""

    star_id: int
    at: Moment


class ObjectionRow(ObjectionOut):
    """An objection, as whoever decides reads it; who objects is not told."""

    statement: str


class StarRulingIn(Contract):
    """What the street or the district decides where somebody objects."""

    grant: bool
    reason: Annotated[Text, Field(min_length=4, max_length=500)]


class HonourKind(StrEnum):
    """What is recorded."""

    HONOUR = "honour"
    """表彰奖励 (民政部令第67号 art. 9)."""
    INCENTIVE = "incentive"
    """嘉许激励, such as a free ride or a health check (浙江省志愿服务条例)."""


class HonourIn(Contract):
    """An honour or an incentive that a volunteer was given."""

    volunteer_no: VolunteerNo
    kind: HonourKind
    title: Annotated[Text, Field(max_length=100)]
    given_by: Annotated[Text, Field(max_length=100)]
    given_on: StatedDay


class HonourOut(HonourIn):
    """An honour or an incentive of a volunteer."""

    honour_id: int
