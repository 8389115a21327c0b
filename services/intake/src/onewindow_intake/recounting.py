"""Counting the times of waiting cases again after the calendar changed, some cases to a transaction.

Each slice is a timer, so that a stop in the middle goes on where it was. A case whose time is over before
its slice comes is counted by its own timer (`cases.deadlines.still`).
"""

from datetime import datetime, timedelta

from onewindow_intake.cases import deadlines, queries
from onewindow_intake.cases.queries import COUNT_NEXT
from onewindow_intake.reference import calendar_of
from onewindow_intake.tolerance import service as tolerance
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.plumbing.unit import Unit

AT_ONCE = 100
FIRST = "0"
CALENDAR_SETTLED = "calendar.settled"
SETTLES_IN = timedelta(minutes=5)
"""After this no application is on its way that was drafted by the calendar before: copies live a second."""


def calendar_changed(unit: Unit) -> None:
    """Begin to count; cases that are written a little later by the old calendar are counted after them."""
    unit.set_timer(COUNT_NEXT, FIRST, unit.now)
    unit.set_timer(CALENDAR_SETTLED, "calendar", unit.now + SETTLES_IN)


def calendar_has_settled(unit: Unit, calendar: str, due_at: datetime) -> None:
    """Timer: count what was written while the calendar changed."""
    unit.set_timer(COUNT_NEXT, FIRST, due_at)


def count_next(unit: Unit, after: str, since: datetime) -> None:
    """Timer: count the next cases by the calendar that changed at `since`."""
    calendar = calendar_of(unit.session)
    cases = queries.waiting(unit.session, int(after), AT_ONCE)
    for case in cases:
        tolerant = case.status == CaseStatus.TOLERANT_ACCEPTED
        count = tolerance.count_again if tolerant else deadlines.count_again
        count(unit, calendar, case, since)
    if cases:
        unit.set_timer(COUNT_NEXT, str(cases[-1].id), since)
