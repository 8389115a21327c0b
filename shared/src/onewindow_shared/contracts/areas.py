"""Changes of the district's areas: decisions with a day, a basis, predecessors, successors and heirs."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.common import AreaCode, Contract, Moment, StatedDay, Text
from onewindow_shared.contracts.events import AreaKind

AreaName = Annotated[Text, StringConstraints(max_length=100)]
MOST_PARTS = 50


def lives(first: date | None, last: date | None, day: date) -> bool:
    """Say whether what has a first and a last day, as far as they are known, is there on a day."""
    return (first is None or first <= day) and (last is None or day <= last)


def never_was(first: date | None, last: date | None) -> bool:
    """Say whether it ended before its first day: the decision that was to make it was taken back."""
    return first is not None and last is not None and last < first


class AreaChangeKind(StrEnum):
    """What is done to areas."""

    SPLIT = "split"
    """One becomes several; it may be one of them itself."""
    MERGE = "merge"
    """Several become one; it may be one of them."""
    RENAME = "rename"
    """One gets another name, or another code of the same street."""
    TRANSFER = "transfer"
    """One comes to another street, and so gets another code."""


class PredecessorIn(Contract):
    """An area as it is before the change."""

    code: AreaCode
    heir: AreaCode
    """The successor to which its cases and figures fall; itself if it goes on."""


class SuccessorIn(Contract):
    """An area as it is after the change; a code that no area ever had is a new area."""

    code: AreaCode
    name: AreaName | None = None
    """Needed for a new area; otherwise its new name, if it gets one."""
    kind: AreaKind | None = None
    """Of a new area; that of the first predecessor unless given."""
    population: int | None = Field(default=None, ge=0, le=100_000_000)


class AreaChangeIn(Contract):
    """A decision on areas of one district."""

    kind: AreaChangeKind
    effective_on: StatedDay
    """The first day on which it is so."""
    document_no: Annotated[Text, StringConstraints(max_length=100)]
    """Of the decision, as 定政发〔2026〕12号."""
    basis: Text
    """What was decided, by whom."""
    predecessors: list[PredecessorIn] = Field(min_length=1, max_length=MOST_PARTS)
    successors: list[SuccessorIn] = Field(min_length=1, max_length=MOST_PARTS)


class PredecessorOut(Contract):
    """An area as a change found it."""

    code: str
    heir: str


class SuccessorOut(Contract):
    """An area as a change leaves it."""

    code: str
    name: str | None
    population: int | None


class TakingBackIn(Contract):
    """A decision that another one, which has not taken effect, does not hold."""

    document_no: Annotated[Text, StringConstraints(max_length=100)]
    reason: Text


class TakingBackOut(TakingBackIn):
    """The taking back of a decision."""

    at: Moment


class AreaChangeOut(Contract):
    """A decided change."""

    no: int
    district: str
    kind: AreaChangeKind
    effective_on: date
    document_no: str
    basis: str
    predecessors: list[PredecessorOut]
    successors: list[SuccessorOut]
    decided_at: Moment
    taken_back: TakingBackOut | None
    """Null while the decision holds."""


class AreaOut(Contract):
    """An area of the register, living or not, with what it came from and what it became."""

    code: str
    name: str
    kind: AreaKind
    population: int | None
    effective_from: date | None
    """First day; none of an area that was always there."""
    effective_until: date | None
    """Last day; none while nobody has decided its end."""
    heir: str
    """The area that stands for it today: itself while it lives."""
    predecessors: list[str]
    successors: list[str]
