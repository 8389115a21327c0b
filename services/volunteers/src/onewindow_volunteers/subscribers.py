"""What this service does with the events that it subscribes to."""

from onewindow_shared.contracts.events import AreaChanged, CalendarChanged, PopulationsChanged
from onewindow_shared.plumbing.inbox import Handlers
from onewindow_shared.plumbing.reference import area_changed, calendar_changed
from onewindow_volunteers.reports.populations import populations_changed

HANDLERS: Handlers = {
    AreaChanged: area_changed,
    CalendarChanged: calendar_changed,
    PopulationsChanged: populations_changed,
}
