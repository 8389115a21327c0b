"""Volunteers of an area taken away as a table, and what one's own file holds that no route shows."""

from onewindow_shared.contracts.common import CommunityCode, Contract, Moment, Text
from onewindow_shared.contracts.needs import NeedContactOut, NeedRow
from onewindow_shared.contracts.volunteers import VolunteerStatus


class VolunteerExportIn(Contract):
    """Which volunteers are taken away, and why."""

    community: CommunityCode | None = None
    status: VolunteerStatus | None = None
    full: bool = False
    """With full particulars instead of masked ones; for whoever may see them (`volunteer.unmask`)."""
    reason: Text
    """Kept in the audit."""


class OwnStep(Contract):
    """A step of one's own registration."""

    at: Moment
    source: VolunteerStatus
    target: VolunteerStatus
    community: str


class OwnHourEntry(Contract):
    """Minutes that came to count, or no longer do."""

    record_id: int
    minutes: int
    at: Moment
    why: str


class OwnTimeAccount(Contract):
    """One's own account of the time bank."""

    minutes: int
    opened_at: Moment


class OwnAsking(Contract):
    """A need that one was asked for, whatever became of it."""

    need_id: int
    at: Moment


class OwnNeed(NeedRow, NeedContactOut):
    """A need that one took down oneself, with what one said of it."""


class OwnCalendar(Contract):
    """That one's calendar has an address; what it is nobody but its holder knows."""

    since: Moment


class OwnAskedToStay(Contract):
    """That one was asked, after long without service, whether one stays; the latest time alone."""

    asked_at: Moment
    answer_by: Moment | None
    stayed_at: Moment | None


class OwnPhoneChange(Contract):
    """A number by which one wants to be reached, until that phone confirms it."""

    phone: str
    asked_at: Moment
    confirm_by: Moment
