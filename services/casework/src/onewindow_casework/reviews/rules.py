"""When a case may be reviewed, by which way, and what counts as content."""

from onewindow_shared.contracts.casework import ReviewChannel
from onewindow_shared.contracts.lifecycle import CaseStatus

HANDLED = frozenset({CaseStatus.DELIVERED, CaseStatus.CLOSED, CaseStatus.REFUSED})
"""States in which the applicant knows the outcome."""


def satisfied(level: int, satisfied_from: int) -> bool:
    """Say whether a review counts as content (好评), by the stars from which the district counts one so."""
    return level >= satisfied_from


def fault_of_channel(channel: ReviewChannel, *, by_applicant: bool) -> str | None:
    """Say what is wrong with a channel: the window is where a clerk enters it, with the resident present."""
    if by_applicant and channel is ReviewChannel.WINDOW:
        return "a review of one's own comes by phone or web"
    if not by_applicant and channel is not ReviewChannel.WINDOW:
        return "staff enter reviews at the window only, with the resident present"
    return None
