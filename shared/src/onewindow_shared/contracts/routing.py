"""Asking whether a matter may go to a residents' committee (rules C2, guard rails)."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from onewindow_shared.contracts.catalogue import Handler
from onewindow_shared.contracts.certificates import Wording
from onewindow_shared.contracts.common import Code, CommunityCode, Contract


class RouteFault(StrEnum):
    """Why a matter does not go to a committee."""

    NO_LISTS = "no_lists"
    """The district's lists have not arrived: nothing goes to a committee until they have."""
    NOT_LISTED = "not_listed"
    ONLY_ASSISTS = "only_assists"
    NOT_ISSUED = "not_issued"
    """A certificate that committees do not issue, or a matter that must not be asked of them."""


class RouteCheckIn(Contract):
    """What somebody came for: a service item, or a certificate in their own words."""

    community: CommunityCode
    item_code: Code | None = None
    certificate: Wording | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if (self.item_code is None) == (self.certificate is None):
            raise ValueError("name an item or a certificate")
        return self


class RouteCheckOut(Contract):
    """Whether it may be taken in; if not, why, and who does it instead."""

    allowed: bool
    handled_by: Handler | None
    """Who handles the item in the main."""
    fault: RouteFault | None
    reason: str | None
    """In Chinese, for those at the window, with the quoted basis and who does it instead."""
    matter: str | None
    """Name under which it is listed."""
    basis: str | None
    """The law or policy, quoted."""
    instead: str | None
