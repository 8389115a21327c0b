"""What this service does with the events of others."""

from collections.abc import Sequence
from datetime import datetime

from onewindow_intake.cases import deadlines, queries
from onewindow_intake.cases.deadlines import CALENDAR_SETTLED, SETTLES_IN
from onewindow_intake.cases.history import CASEWORK
from onewindow_intake.cases.models import Entry
from onewindow_intake.departments.service import department_changed
from onewindow_intake.officers.service import officer_changed
from onewindow_intake.papers.issuing import issue_withdrawal
from onewindow_intake.routing.service import matters_changed
from onewindow_intake.tolerance import service as tolerance
from onewindow_shared.contracts.events import (
    AreaChanged,
    CalendarChanged,
    CaseProgressed,
    DepartmentChanged,
    ListedMatterChanged,
    OfficerChanged,
)
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.inbox import Handlers, Together
from onewindow_shared.plumbing.reference import area_changed, calendar_changed
from onewindow_shared.plumbing.unit import Unit

ENTRIES = table_of(Entry)
TAKEN_BACK = "withdrawn"
"""The step of casework that leaves a document of intake."""


def cases_progressed(unit: Unit, events: Sequence[CaseProgressed]) -> None:
    """Follow accepted cases: every event joins its case's history, the latest one says where it stands."""
    entries = [
        {
            "case_no": event.case_no,
            "at": event.at,
            "step": event.step,
            "status": event.status,
            "by": CASEWORK,
            "acting": event.acting,
            "told": event.told,
        }
        for event in events
    ]
    unit.add(ENTRIES, *entries)
    queries.progress(unit.session, events, unit.zone)
    for event in events:
        if event.step == TAKEN_BACK:
            issue_withdrawal(unit, event)


def calendar_has_changed(unit: Unit, event: CalendarChanged) -> None:
    """Keep the copy of a year, and move the times that depend on it.

    Cases that were counted by the old calendar may be written a little later: they are counted after that.
    """
    calendar_changed(unit, event)
    unit.session.flush()
    _count_again(unit)
    unit.set_timer(CALENDAR_SETTLED, "calendar", unit.now + SETTLES_IN)


def calendar_has_settled(unit: Unit, _calendar: str, _due_at: datetime) -> None:
    """Move the times of cases that were written while the calendar changed."""
    _count_again(unit)


def _count_again(unit: Unit) -> None:
    deadlines.count_again(unit)
    tolerance.count_again(unit)


HANDLERS: Handlers = {
    CaseProgressed: Together(cases_progressed),
    AreaChanged: area_changed,
    CalendarChanged: calendar_has_changed,
    DepartmentChanged: department_changed,
    ListedMatterChanged: Together(matters_changed),
    OfficerChanged: officer_changed,
}
