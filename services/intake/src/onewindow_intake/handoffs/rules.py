"""Who may offer a case and who may settle an offer (首问负责, rules B1.6)."""

from collections.abc import Mapping
from enum import StrEnum

from onewindow_shared.contracts.handoffs import HandOffState


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


def faults(responsible: str, taker: str, subject: str) -> dict[str, str]:
    """Return what is wrong with an offer: field -> reason."""
    if taker == (responsible or subject):
        return {"taker": "this officer is responsible already"}
    return {}


def may_offer(responsible: str, subject: str) -> bool:
    """Say whether an account may offer a case to somebody: only who is responsible hands it over.

    A case from home that nobody has dealt with yet may be offered by whoever reaches it.
    """
    return responsible in {"", subject}
