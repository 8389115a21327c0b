"""Paper originals that an office keeps: which, where they are, and when they went back."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from onewindow_shared.contracts.common import Code, Contract, Moment, Resource, Text
from onewindow_shared.contracts.identity import PersonName
from onewindow_shared.contracts.intake import Note, Officer
from onewindow_shared.contracts.parties import Acting

Place = Annotated[Text, Field(max_length=100, examples=["西安社区窗口 2号柜"])]


class CustodyAct(StrEnum):
    """What happens to an original in an office's keeping."""

    TAKEN = "taken"
    MOVED = "moved"
    """Same officer, another place."""
    HANDED_OVER = "handed_over"
    """To another officer."""
    RETURNED = "returned"
    """The chain ends."""


class OriginalIn(Contract):
    """An original that is taken from the applicant."""

    material: Code
    count: Annotated[int, Field(ge=1, le=100)] = 1
    place: Place
    note: Note | None = None
    """What tells it apart, such as its number of pages; no personal data."""


class CustodyStepIn(Contract):
    """What happens to an original next."""

    act: Literal[CustodyAct.MOVED, CustodyAct.HANDED_OVER, CustodyAct.RETURNED]
    place: Place | None = None
    """Where it lies from now on; needed unless it is returned."""
    holder: Officer | None = None
    """Who keeps it from now on; needed where it is handed over."""
    returned_to: PersonName | None = None
    """Who took it; needed where it is returned."""
    acting: Acting | None = None
    """In which quality they took it; for an agent the entrustment is looked at. Said of a return only."""
    signature: Note | None = None
    """How receipt was signed for; needed where it is returned."""


class CustodianIn(Contract):
    """Who keeps an original from now on, and why whoever holds it cannot hand it over."""

    holder: Officer
    place: Place
    reason: Annotated[Note, Field(min_length=4)]


class CustodyStep(Contract):
    """One link of the chain."""

    act: CustodyAct
    at: Moment
    by: str
    place: str | None
    holder: str | None
    returned_to: str | None
    """Masked name."""
    signed: bool
    """Whoever got it signed for it."""


class CustodyParticulars(Contract):
    """To whom an original went back and how they signed, in full; reading it is written down."""

    original_id: int
    returned_to: str | None
    signature: str | None


class Original(Resource):
    """An original, where it is now and how it came there."""

    original_id: int
    case_no: str
    community: str
    material: str
    name: str
    count: int
    note: str | None
    place: str | None
    """Null once it is returned."""
    holder: str | None
    returned: bool
    steps: Sequence[CustodyStep]
    """Oldest first."""


class SlipLine(Contract):
    """An original on the custody slip."""

    name: str
    count: int
    note: str | None
    place: str | None
    taken_at: Moment
    taken_by: str
    returned_at: Moment | None
    returned_to: str | None
    """Masked name."""
