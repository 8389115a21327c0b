"""Earlier cases that a new application may repeat, and what the window made of them."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.common import Code, CommunityCode, Contract
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import PersonIn


class Likeness(StrEnum):
    """Why an earlier case may be the same."""

    SAME_DOCUMENT = "same_document"
    SAME_MOBILE = "same_mobile"
    SIMILAR_NAME = "similar_name"
    SIMILAR_ADDRESS = "similar_address"


class DuplicatesIn(Contract):
    """Whose application for what is about to be posted; in a body, because it is personal."""

    item_code: Code
    community: CommunityCode
    applicant: PersonIn


class EarlierCase(Contract):
    """A case that may be the same; of one outside the caller's area only where it lies."""

    community: str
    case_no: str | None
    status: CaseStatus | None
    received_on: date | None
    applicant: str | None
    """Masked name."""
    likeness: float | None
    """0 to 1; 1 for the same identity document."""
    reasons: Sequence[Likeness]


class EarlierCases(Contract):
    """Earlier cases, the likest first; there are few, since only the likest are told."""

    cases: Sequence[EarlierCase]
