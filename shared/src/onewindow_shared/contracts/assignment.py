"""Who gets the cases of an area or a department, who is away, and who was in charge."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.casework import ShortText, Subject
from onewindow_shared.contracts.common import (
    AreaCode,
    Code,
    Contract,
    Moment,
    Resource,
    StatedDay,
    not_before,
)


class ChargeHow(StrEnum):
    """How somebody came to answer for a case."""

    CLAIMED = "claimed"
    BY_RULE = "by_rule"
    BY_HAND = "by_hand"
    HANDED_ON = "handed_on"
    STOOD_IN = "stood_in"
    """For whoever is in charge and away; they stay in charge."""


class RosterIn(Contract):
    """What an officer is given by rule."""

    name: ShortText | None = None
    """Only where the district's accounts are not known here; else it is that of the account."""
    area: AreaCode
    """The community whose cases they take, or the district of their department."""
    department: Code | None = None
    """Of a department's officer."""
    items: Annotated[list[Code], Field(max_length=200)] = Field(default_factory=list)
    """Items and categories that they know; none for all."""
    most_open: Annotated[int, Field(ge=1, le=10_000)]
    """Open cases up to which they are given more."""
    active: bool = True


class RosterOut(Resource):
    """An officer of the roster."""

    subject: str
    name: str
    area: str
    department: str | None
    items: Sequence[str]
    most_open: int
    active: bool


class AbsenceIn(Contract):
    """From when to when an officer is away, both days included, and who stands in."""

    first: StatedDay
    last: Annotated[StatedDay, not_before("first")]
    substitute: Subject | None = None


class AbsenceOut(Resource):
    """An absence of an officer."""

    absence_id: int
    subject: str
    first: date
    last: date
    substitute: str | None
    substitute_name: str | None
    cancelled: bool


class ChargeOut(Contract):
    """Somebody came to answer for a case."""

    officer: str
    name: str
    how: ChargeHow
    at: Moment
    by: Annotated[str, StringConstraints(max_length=64)]
    """Account of whoever settled it."""
