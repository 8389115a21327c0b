"""How an outcome reaches its applicant, what proves it, and what came of tries that failed."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from onewindow_shared.contracts.common import Contract, Moment, StatedDay, Text

PartyName = Annotated[Text, StringConstraints(max_length=100)]
TrackingNo = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{4,40}$")]


class DeliveryMethod(StrEnum):
    """How the outcome reached the applicant."""

    PICK_UP = "pick_up"
    """窗口领取"""
    POST = "post"
    """邮寄"""
    HOME_VISIT = "home_visit"
    """送达上门"""
    ELECTRONIC = "electronic"
    """电子送达"""


class DeliveryFailure(StrEnum):
    """Why a try did not reach the applicant; the case stays decided, and the outcome is taken out again."""

    REFUSED = "refused"
    """拒收"""
    RETURNED = "returned"
    """退回"""
    NOBODY_THERE = "nobody_there"
    """无人签收"""


class DeliveryIn(Contract):
    """That the outcome was handed over (行政许可法 art. 44), with what proves it, each part by itself."""

    method: DeliveryMethod
    delivered_on: StatedDay | None = None
    """Day on which it was handed over; today unless given."""
    proof: Text | None = None
    """Where the recipient's signature, or the system's receipt, is kept; not needed for what is posted."""
    carrier: PartyName | None = None
    """Who carried it, with `tracking_no`: for what is posted, and needed there."""
    tracking_no: TrackingNo | None = None
    receiver: PartyName | None = None
    """Who took it, if not the applicant."""
    refused: bool = False
    """They would not sign, so that it was left at their home in front of a witness (留置送达)."""
    witness: PartyName | None = None
    """Who was there; needed where they would not sign."""


class DeliveryOut(Contract):
    method: DeliveryMethod
    delivered_on: date | None = None
    """Null where only the time of its entry is known."""
    proof: str | None
    carrier: str | None = None
    tracking_no: str | None = None
    receiver: str | None
    """Masked name, as is the witness."""
    refused: bool = False
    witness: str | None = None
    delivered_at: Moment
    """When it was written down."""
    delivered_by: str


class DeliveryTryIn(Contract):
    """That the outcome did not reach the applicant."""

    method: DeliveryMethod
    failure: DeliveryFailure
    tried_on: StatedDay | None = None
    """Today unless given."""
    carrier: PartyName | None = None
    tracking_no: TrackingNo | None = None
    remark: Text | None = None


class DeliveryTryOut(Contract):
    method: DeliveryMethod
    failure: DeliveryFailure
    tried_on: date
    carrier: str | None
    tracking_no: str | None
    remark: str | None
    """Null for whoever applied."""
    at: Moment
    by: str
    """Name of the officer."""
