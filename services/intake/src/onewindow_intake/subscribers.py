"""What this service does with the events of others."""

from collections.abc import Sequence

from onewindow_intake import recounting
from onewindow_intake.cases import queries
from onewindow_intake.cases.history import CASEWORK
from onewindow_intake.cases.models import Entry
from onewindow_intake.departments.service import department_changed
from onewindow_intake.grids.service import grid_changed
from onewindow_intake.messages.service import REMINDED, reminded
from onewindow_intake.officers.service import officer_changed
from onewindow_intake.papers.issuing import issue_withdrawal
from onewindow_intake.reviewing.service import invited
from onewindow_intake.routing.service import matters_changed
from onewindow_shared.contracts.events import (
    AreaChanged,
    CalendarChanged,
    CaseProgressed,
    DepartmentChanged,
    GridCellChanged,
    ListedMatterChanged,
    OfficerChanged,
    ReviewInvited,
)
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.inbox import Handlers
from onewindow_shared.plumbing.reference import area_changed, calendar_changed
from onewindow_shared.plumbing.together import Together
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
        elif event.step == REMINDED:
            reminded(unit, event)


def calendar_has_changed(unit: Unit, event: CalendarChanged) -> None:
    """Keep the copy of a year, and have the times counted again that depend on it."""
    calendar_changed(unit, event)
    recounting.calendar_changed(unit)


HANDLERS: Handlers = {
    CaseProgressed: Together(cases_progressed),
    AreaChanged: area_changed,
    CalendarChanged: calendar_has_changed,
    DepartmentChanged: department_changed,
    GridCellChanged: grid_changed,
    ListedMatterChanged: Together(matters_changed),
    OfficerChanged: officer_changed,
    ReviewInvited: invited,
}
