"""What the window hands in to bring a received case to its outcome, beyond acceptance and refusal."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from onewindow_shared.contracts.common import Code, Contract, StatedDay, StatedMoment
from onewindow_shared.contracts.intake import MOST_MATERIALS
from onewindow_shared.contracts.parties import Acting


class MissedSupplement(StrEnum):
    """What a missed date of a tolerant acceptance leads to: each district settles it (rules B1.3)."""

    ACCEPTANCE_REVOKED = "acceptance_revoked"
    """浙江省保障“最多跑一次”改革规定 art. 11"""
    DEEMED_WITHDRAWN = "deemed_withdrawn"
    """安阳市政务服务条例 art. 24"""


class SignedHow(StrEnum):
    """How a promise was signed."""

    BY_HAND = "by_hand"
    FINGERPRINT = "fingerprint"
    E_SIGNATURE = "e_signature"
    """Equal to one on paper (国务院关于在线政务服务的若干规定 art. 8)."""


class DeferralIn(Contract):
    """A paper that may come later, and by when."""

    material: Code
    due_on: StatedDay
    """Last day for handing it in, not later than the promised limit ends."""


class PromiseIn(Contract):
    """The promise to hand the missing papers in (承诺书)."""

    signed_by: Acting
    """For an agent the entrustment has to allow supplementing papers on the day of the signature."""
    signed_how: SignedHow
    signed_at: StatedMoment | None = None
    """Now unless given."""


class TolerantAcceptanceIn(Contract):
    """Acceptance although listed papers are missing (容缺受理, rules C2 T7)."""

    deferred: Annotated[list[DeferralIn], Field(min_length=1, max_length=MOST_MATERIALS)]
    """Every paper that is missing, each with its own date."""
    promise: PromiseIn
    no_discredit_record: Literal[True]
    """The window has looked and found no record of broken faith that is not repaired."""
