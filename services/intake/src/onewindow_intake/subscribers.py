"""What this service does with the events of others."""

from onewindow_intake.cases import queries
from onewindow_intake.cases.deadlines import CALENDAR_SETTLED, SETTLES_IN, count_again
from onewindow_intake.cases.models import Entry
from onewindow_shared.contracts.events import AreaChanged, CalendarChanged, CaseProgressed
from onewindow_shared.contracts.lifecycle import ENDS
from onewindow_shared.plumbing.inbox import Handlers
from onewindow_shared.plumbing.reference import area_changed, calendar_changed
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day

CASEWORK = "casework"


def case_progressed(unit: Unit, event: CaseProgressed) -> None:
    """Follow an accepted case: every event joins its history, the latest one says where it stands."""
    unit.session.add(
        Entry(case_no=event.case_no, at=event.at, step=event.step, status=event.status, by=CASEWORK)
    )
    ended_on = local_day(event.at, unit.zone) if event.status in ENDS else None
    queries.progress(unit.session, event, ended_on)


def calendar_has_changed(unit: Unit, event: CalendarChanged) -> None:
    """Keep the copy of a year, and move the times for notices that depend on it.

    Cases that were drafted by the old calendar may be written a little later: they are counted after that.
    """
    calendar_changed(unit, event)
    unit.session.flush()
    count_again(unit)
    unit.set_timer(CALENDAR_SETTLED, "calendar", unit.now + SETTLES_IN)


HANDLERS: Handlers = {
    CaseProgressed: case_progressed,
    AreaChanged: area_changed,
    CalendarChanged: calendar_has_changed,
}
