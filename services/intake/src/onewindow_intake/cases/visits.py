"""On which days an applicant came to a window, for the figure of visits (rules C5, S8)."""

from collections.abc import Iterable
from datetime import date, tzinfo

from onewindow_intake.checklist.rules import Paper
from onewindow_shared.contracts.intake import Channel
from onewindow_shared.plumbing.workdays import local_day

_IN_PERSON = frozenset({Channel.WINDOW, Channel.KIOSK})


def came_on(channel: Channel, received_on: date, papers: Iterable[Paper], zone: tzinfo) -> list[date]:
    """Return the days, in order: that of the application, and those on which a window saw paper of it.

    Whoever applies from home comes with the paper; to whom an officer goes, does not come.
    """
    if channel is Channel.HOME_VISIT:
        return []
    days = {
        local_day(paper.seen_at, zone)
        for paper in papers
        if paper.seen_at is not None and paper.pieces.originals + paper.pieces.copies > 0
    }
    return sorted(days | ({received_on} if channel in _IN_PERSON else set()))
