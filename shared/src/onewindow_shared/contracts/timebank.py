"""The time bank of neighbours' help: credit in minutes, beside the honorary hours and never out of them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Moment, Whole
from onewindow_shared.contracts.numbers import VolunteerNo

MOST_MOVED = 100_000


class TimeMovement(StrEnum):
    """What moves credit."""

    EARN = "earn"
    """Help for a resident was confirmed: an hour is an hour."""
    OVER_CAP = "over_cap"
    """What does not fit under the cap goes to the community."""
    CORRECT = "correct"
    """A record was ruled otherwise, or is disputed."""
    GIFT = "gift"
    """To one's community, for those who need it."""
    TRANSFER = "transfer"
    """To another volunteer."""


class TimeAccountOut(Contract):
    """One's own account."""

    volunteer_no: str
    minutes: int
    cap_minutes: int
    """What the account may hold; more of what is earned goes to the community."""
    opened_at: Moment


class TimePostingOut(Contract):
    """A movement of credit, as it changed one's own account."""

    posting_no: int
    movement: TimeMovement
    minutes: int
    """Less than zero where it left."""
    at: Moment


class TimeAccountIn(Contract):
    """Opening an account needs nothing but the wish."""


class TimeGiftIn(Contract):
    """Credit for one's community."""

    minutes: Annotated[Whole, Field(ge=1, le=MOST_MOVED)]


class TimeTransferIn(TimeGiftIn):
    """Credit for another volunteer."""

    to: VolunteerNo
