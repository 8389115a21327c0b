"""Before and after a shift: training, who walks in, who was not there, the calendar of one's places."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from onewindow_shared.contracts.common import (
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
from onewindow_shared.contracts.volunteers import Skill

Reason = Annotated[Text, Field(min_length=4, max_length=500)]


class TrainingIn(Contract):
    """Somebody was trained (民政部令第67号 art. 8)."""

    volunteer_no: VolunteerNo
    skill: Skill
    """What they may be called to do with it."""
    title: Annotated[Text, Field(max_length=100)]
    content: Text
    minutes: Annotated[Whole, Field(ge=1, le=60_000)]
    provider: Annotated[Text, Field(max_length=100)]
    held_on: StatedDay
    valid_until: StatedDay | None = None
    """Last day; unless given it does not run out."""

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.held_on:
            raise ValueError("it runs out before it was held")
        return self


class TrainingOut(Contract):
    """A training of a volunteer."""

    training_id: int
    volunteer_no: str
    skill: str
    title: str
    content: str
    minutes: int
    provider: str
    held_on: date
    valid_until: date | None
    valid: bool
    """On the district's day."""


class WalkInIn(Contract):
    """Somebody came without a place, and helped."""

    role_id: RowId
    name: PersonName
    came_at: StatedMoment
    left_at: StatedMoment

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if self.left_at <= self.came_at:
            raise ValueError("somebody leaves after coming")
        return self


class WalkInOut(Resource):
    """Somebody who walked in; the name is there only until it is known who they are, or too late."""

    walk_in_id: int
    shift_id: int
    role_id: int
    name_masked: str | None
    came_at: Moment
    left_at: Moment
    volunteer_no: str | None
    """Who it was."""
    record_id: int | None


class MergeIn(Contract):
    """Who walked in."""

    volunteer_no: VolunteerNo
    reason: Reason
    """How it is known."""


class Missed(StrEnum):
    """Why somebody with a place was not there."""

    ABSENT = "absent"
    EXCUSED = "excused"


class AbsenceIn(Contract):
    """Somebody with a place was not there."""

    kind: Missed
    reason: Reason


class CalendarFeedOut(Contract):
    """The address of one's calendar: whoever knows it reads it, so it is told once."""

    address: str
    """Path at the gateway."""
