"""Handing over the responsibility for a case (首问负责): it ends only when the next one accepts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Moment, Resource
from onewindow_shared.contracts.intake import Note, Officer


class HandOffState(StrEnum):
    """Where an offer stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    """The taker is responsible from then on."""
    BOUNCED = "bounced"
    """The taker gave it back; the giver stays responsible."""
    WITHDRAWN = "withdrawn"
    """The giver took the offer back."""


class Party(StrEnum):
    """A side of an offer."""

    GIVER = "giver"
    TAKER = "taker"


SETTLED_BY: Mapping[HandOffState, Party] = {
    HandOffState.ACCEPTED: Party.TAKER,
    HandOffState.BOUNCED: Party.TAKER,
    HandOffState.WITHDRAWN: Party.GIVER,
}
"""Whose word brings an open offer to its end."""


def may_settle(giver: str, taker: str, end: HandOffState, subject: str) -> bool:
    """Say whether an account may bring an open offer to this end."""
    parties = {Party.GIVER: giver, Party.TAKER: taker}
    return end in SETTLED_BY and parties[SETTLED_BY[end]] == subject


class HandOffIn(Contract):
    """An offer to take over a case."""

    taker: Officer
    note: Note | None = None
    """What the taker should know; no personal data."""


class BounceIn(Contract):
    """Why somebody does not take a case over."""

    reason: Annotated[Note, Field(min_length=4)]


class ResponsibilityIn(Contract):
    """Who is to answer for a case from now on, and why whoever does so now cannot hand it over."""

    officer: Officer
    reason: Annotated[Note, Field(min_length=4)]


class HandOff(Resource):
    """One offer and what became of it."""

    handoff_id: int
    case_no: str
    community: str
    giver: str
    taker: str
    state: HandOffState
    note: str | None
    reason: str | None
    """Why it was bounced."""
    offered_at: Moment
    settled_at: Moment | None
