"""What the gateway does with the events that it subscribes to."""

from onewindow_gateway.accounts.service import volunteer_registered
from onewindow_shared.contracts.events import AreaChanged, VolunteerRegistered
from onewindow_shared.plumbing.inbox import Handlers
from onewindow_shared.plumbing.reference import area_changed

HANDLERS: Handlers = {AreaChanged: area_changed, VolunteerRegistered: volunteer_registered}
