"""Cases that a window made while it was offline, handed in together, as often as the network needs."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, PlainValidator, TypeAdapter, ValidationError, field_validator

from onewindow_shared.contracts.common import Contract, Moment, StatedMoment
from onewindow_shared.contracts.duplicates import EarlierCase
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.contracts.lifecycle import CaseStatus

MOST_CASES = 500
OwnId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{7,39}$", examples=["0197c5a2-4f6e-7c11"])]
"""A name that a client gives once, for example a UUID."""


class OfflineCaseIn(Contract):
    """A case made offline."""

    client_id: OwnId
    """The client's own name of this case; sent again, it makes no second one."""
    made_at: StatedMoment
    """When the papers were taken, by the client's clock."""
    case: CaseIn

    @field_validator("case")
    @classmethod
    def _has_one_time(cls, case: CaseIn) -> CaseIn:
        if case.received_at is not None:
            raise ValueError("leave `received_at` out: `made_at` says when the papers were taken")
        return case


class WrongField(Contract):
    """A field of an entry and what is wrong with it."""

    field: str
    """Path with dots."""
    detail: str


class UnreadableCase(Contract):
    """What was sent in place of a case; it refuses only itself."""

    client_id: str | None
    errors: Sequence[WrongField]


_CASE = TypeAdapter(OfflineCaseIn)
_OWN_ID: TypeAdapter[str] = TypeAdapter(OwnId)


def _case_or_what_is_wrong(value: Any) -> OfflineCaseIn | UnreadableCase:
    try:
        return _CASE.validate_python(value)
    except ValidationError as error:
        wrong = [
            WrongField(field=".".join(map(str, found["loc"])), detail=found["msg"])
            for found in error.errors(include_input=False, include_url=False)
        ]
        return UnreadableCase(client_id=_name_of(value), errors=wrong)


def _name_of(value: Any) -> str | None:
    try:
        return _OWN_ID.validate_python(value.get("client_id") if isinstance(value, dict) else None)
    except ValidationError:
        return None


Entry = Annotated[
    OfflineCaseIn | UnreadableCase,
    PlainValidator(_case_or_what_is_wrong, json_schema_input_type=OfflineCaseIn),
]


class CaseBatchIn(Contract):
    """Cases of one client, in any order; it may have sent some of them before."""

    client: OwnId
    """The client itself, for example the installation of a window's app; names of cases are unique in it."""
    sent_at: StatedMoment
    """Now, by the client's clock: it tells how wrong that clock is."""
    cases: Annotated[list[Entry], Field(min_length=1, max_length=MOST_CASES)]


class Outcome(StrEnum):
    """What became of an entry."""

    CREATED = "created"
    ALREADY_THERE = "already_there"
    REFUSED = "refused"


class Judgement(StrEnum):
    """How the server took the time that the client's clock told."""

    AS_TOLD = "as_told"
    SHIFTED = "shifted"
    """By as much as the clock was wrong when the batch was sent."""
    ARRIVAL = "arrival"
    """Replaced by the moment at which the batch came."""


class JudgementReason(StrEnum):
    """Why a time was taken so."""

    CLOCK_RIGHT = "clock_right"
    CLOCK_WRONG = "clock_wrong"
    MADE_AFTER_SENT = "made_after_sent"
    TOO_OLD = "too_old"


class EntryProblem(Contract):
    """Why an entry was refused, as RFC 9457 tells it."""

    type: str
    title: str
    status: int
    detail: str | None
    errors: Sequence[WrongField]


class EntryAnswer(Contract):
    """What became of one entry."""

    client_id: str | None
    """`null` where it could not be read."""
    outcome: Outcome
    case_no: str | None
    tracking_code: str | None
    status: CaseStatus | None
    received_at: Moment | None
    """From when the limits of the law count."""
    accepted_on: date | None
    """From which day the promised limit runs: that of the visit, where the window accepted it there."""
    judged: Judgement | None
    reason: JudgementReason | None
    in_force_on: date | None = None
    """The district's day whose items, communities and lists it was judged by: that of `received_at`."""
    item_version: int | None = None
    """What was in force of its item on that day: its guide for life."""
    goes_on_with: str | None = None
    """The community that stands for its own, if that has ended since; none while it has not."""
    problem: EntryProblem | None
    earlier: EarlierCase | None = None
    """The latest earlier case of the same person and item, else one of somebody alike that is to be decided
    about; none where the window has decided."""


class CaseBatchAnswer(Contract):
    """What became of a batch."""

    arrived_at: Moment
    skew_seconds: float
    """By how much the client's clock was behind; below zero, ahead."""
    entries: Sequence[EntryAnswer]
    """One for each case that was sent, in its order."""
