"""Many cases offered to one officer at once."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from onewindow_shared.contracts.common import Contract
from onewindow_shared.contracts.intake import Note, Officer
from onewindow_shared.contracts.numbers import case_no_typed

MOST_AT_ONCE = 200


class SeenCase(Contract):
    """A case as somebody saw it."""

    case_no: Annotated[str, Field(max_length=64), BeforeValidator(case_no_typed)]
    """Read like any case number; what cannot be one is refused in its own result."""
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class ManyHandOffsIn(Contract):
    """Cases that one officer is to take over."""

    taker: Officer
    note: Note | None = None
    """What the taker should know; no personal data."""
    cases: Annotated[list[SeenCase], Field(min_length=1, max_length=MOST_AT_ONCE)]


class HandOffOutcome(StrEnum):
    """What became of a case."""

    OFFERED = "offered"
    ALREADY_OFFERED = "already_offered"
    """The very same offer was there and waits for its answer."""
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    STALE = "stale"
    """Somebody changed the case since it was seen."""


class HandOffResult(Contract):
    """What became of one case."""

    case_no: str
    outcome: HandOffOutcome
    handoff_id: int | None
    detail: str | None
    """Why it was refused."""


class ManyHandOffs(Contract):
    """What became of each case, in the order in which they were named."""

    results: Sequence[HandOffResult]
