"""Attendance and service records (志愿服务记录与证明出具办法 arts. 7-13, rules C4), in minutes."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from onewindow_shared.contracts.common import Contract, Moment, Resource, StatedMoment, Text, Whole
from onewindow_shared.contracts.numbers import VolunteerNo

MOST_MINUTES = 24 * 60


class RecordStatus(StrEnum):
    """Where a service record stands."""

    CHECKED_IN = "checked_in"
    PENDING = "pending"
    """Somebody has to confirm it."""
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Proof(StrEnum):
    """How it is known that somebody was there."""

    CODE = "code"
    """The rotating code at the place was read."""
    SCANNED = "scanned"
    """Staff at the place scanned the code on the volunteer's phone."""
    MANUAL = "manual"
    """The organiser says so, with a reason."""
    RESIDENT = "resident"
    """The resident who was helped confirmed it by a code."""
    RULED = "ruled"
    """A ruling found so."""


class AttendanceCode(Contract):
    """The code to be shown at the place now, as text of a QR code."""

    code: str
    valid_until: Moment


class CheckIn(Contract):
    """A volunteer has read the code at the place, on coming or on leaving."""

    code: Annotated[str, Field(min_length=1, max_length=80)]
    read_at: StatedMoment | None = None
    """When it was read, where the phone had no network then; now unless given, or where its clock is fast."""


class ScanIn(Contract):
    """The code on a volunteer's phone, as staff at the place scanned it."""

    code: Annotated[str, Field(min_length=1, max_length=80)]


class AttendanceIn(Contract):
    """The organiser writes down who was there, where no code was read."""

    volunteer_no: VolunteerNo
    came_at: StatedMoment
    left_at: StatedMoment
    reason: Annotated[Text, Field(min_length=4, max_length=500)]

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if self.left_at <= self.came_at:
            raise ValueError("somebody leaves after coming")
        return self


class ForgottenIn(Contract):
    """Somebody came and forgot to check out: when they really left, and how that is known."""

    left_at: StatedMoment
    reason: Annotated[Text, Field(min_length=4, max_length=500)]


class DisputeIn(Contract):
    """What the volunteer says was given, and why."""

    minutes: Annotated[Whole, Field(ge=0, le=MOST_MINUTES)]
    evidence: Text


class ReplyIn(Contract):
    """What the organisation's side says in a dispute."""

    evidence: Text


class StatementKind(StrEnum):
    """Who says something in a dispute."""

    DISPUTE = "dispute"
    """The volunteer."""
    REPLY = "reply"
    """The organisation's side."""
    RULING = "ruling"
    """The street or the district, which gives its reason."""


class StatementOut(Contract):
    """What was said in a dispute (民政部令第67号 art. 13)."""

    statement_id: int
    record_id: int
    kind: StatementKind
    at: Moment
    by: str
    """Account of the officer, or the number of the volunteer."""
    minutes: int | None
    """What the volunteer claims, or what the ruling finds."""
    text: str | None
    """Null once the volunteer's data were erased on request."""


class RulingIn(Contract):
    """What the street or the district finds, having heard both sides."""

    minutes: Annotated[Whole, Field(ge=0, le=MOST_MINUTES)]
    came_at: StatedMoment | None = None
    """When they really came, where that is otherwise than recorded."""
    left_at: StatedMoment | None = None
    """When they really left, where that is otherwise than recorded, or was never recorded."""
    reason: Text


class RecordOut(Resource):
    """A service record, with what 民政部令第67号 art. 7 wants recorded."""

    record_id: int
    volunteer_no: str
    activity_id: int | None
    """None where a resident's need was met."""
    activity: str
    """Title."""
    content: str | None
    """What was done."""
    organisation: str
    in_charge: str | None
    """Who was in charge of it; null where nobody was named then."""
    place: str | None
    shift_id: int | None
    on: date
    """The district's day."""
    status: RecordStatus
    came_at: Moment
    came_proof: Proof
    came_told_at: Moment
    """When the service heard of it: later than `came_at` where the phone had no network."""
    left_at: Moment | None
    left_proof: Proof | None
    left_told_at: Moment | None
    minutes: int | None
    """Minutes actually given within the shift; travel is none of them."""
    elsewhere_minutes: int
    """Minutes of this time that another record of the volunteer counts already, so that this one does not."""
    claimed_minutes: int | None
    """What the volunteer says, where it is disputed."""
    confirmed_by: str | None
    late_minutes: int
    """Minutes that somebody came late, beyond what the district tolerates."""
    late: bool
    """Confirmed after the limit for recording (民政部令第67号 art. 11), or the limit is over."""


class HoursOut(Contract):
    """What a volunteer has given; confirmed records alone count."""

    volunteer_no: str
    confirmed_minutes: int
    pending_minutes: int
    stars: int
    """Level that was granted, 0 to 5."""
    stars_reached: int
    """Level that the confirmed hours reach: it can be applied for, and is granted after its publicity."""
    next_star_minutes: int | None
    """Minutes still wanting for the next one."""
