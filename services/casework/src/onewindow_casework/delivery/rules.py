"""What proves a delivery, by how it was made."""

from collections.abc import Mapping
from datetime import date

from onewindow_shared.contracts.delivery import DeliveryIn, DeliveryMethod

_M = DeliveryMethod
NEEDED = "this kind of delivery is proved by it"
ONLY_POSTED = "only what is posted has it"


def faults(body: DeliveryIn) -> dict[str, str]:
    """Name what a delivery lacks, and what does not belong to it.

    Only at a home is anything left with whoever would not sign, and in front of a witness (民事诉讼法
    art. 89, which administrative organs follow).
    """
    found = parts(body.method, body.carrier, body.tracking_no, needed=True)
    if body.method is not _M.POST and body.proof is None and not body.refused:
        found["proof"] = NEEDED
    if body.refused and body.method is not _M.HOME_VISIT:
        found["refused"] = "it is left only at a home"
    if body.refused and body.witness is None:
        found["witness"] = "what is left is left in front of a witness"
    if body.refused and body.receiver is not None:
        found["receiver"] = "nobody took what was left"
    return found


def parts(method: DeliveryMethod, carrier: str | None, no: str | None, *, needed: bool) -> dict[str, str]:
    """Name what is wrong with the carrier and its number."""
    said: Mapping[str, str | None] = {"carrier": carrier, "tracking_no": no}
    if method is _M.POST:
        return {name: NEEDED for name, value in said.items() if needed and value is None}
    return {name: ONLY_POSTED for name, value in said.items() if value is not None}


def fault_of_day(day: date, decided_on: date | None, today: date) -> str | None:
    """Say why nothing can have been delivered on a day."""
    if day > today:
        return "lies in the future"
    if decided_on is not None and day < decided_on:
        return "it was not decided yet"
    return None
