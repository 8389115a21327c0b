"""What the views that everybody has are lists of."""

from collections.abc import Mapping
from datetime import date

from onewindow_intake.worklists.rules import OPEN
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.views import StandardView
from onewindow_shared.contracts.worklists import CaseFilter, CaseSort

SETTLED: Mapping[StandardView, CaseFilter] = {
    StandardView.NOBODY_YET: CaseFilter(nobody=True, status=tuple(sorted(OPEN))),
    StandardView.TO_ACCEPT: CaseFilter(status=(CaseStatus.RECEIVED,), sort=CaseSort.NOTICE),
    StandardView.NOTICE_TODAY: CaseFilter(notice_in=0, sort=CaseSort.NOTICE),
    StandardView.WAITING_FOR_RESIDENT: CaseFilter(answered=False),
    StandardView.TO_LOOK_AT: CaseFilter(answered=True),
    StandardView.MINE: CaseFilter(
        mine=True, status=(CaseStatus.RECEIVED, CaseStatus.CORRECTION, CaseStatus.TOLERANT_ACCEPTED)
    ),
    StandardView.UNDECIDED: CaseFilter(undecided=True),
    StandardView.DUE_TODAY: CaseFilter(due_in=0, sort=CaseSort.DUE),
}
"""Those that are the same list on every day."""
MOST = 1000
"""Rows that a count looks at, so that it costs the same however many cases there are."""


def standard(today: date, near: date) -> dict[StandardView, CaseFilter]:
    """Return the views of a day; `near` is the last day on which a notice due counts as due soon."""
    soon = CaseFilter(notice_in=(near - today).days, sort=CaseSort.NOTICE)
    return {**SETTLED, StandardView.NOTICE_SOON: soon}
