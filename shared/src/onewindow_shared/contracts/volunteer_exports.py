"""Volunteers of an area taken away as a table."""

from onewindow_shared.contracts.common import CommunityCode, Contract, Text
from onewindow_shared.contracts.volunteers import VolunteerStatus


class VolunteerExportIn(Contract):
    """Which volunteers are taken away, and why."""

    community: CommunityCode | None = None
    status: VolunteerStatus | None = None
    full: bool = False
    """With full particulars instead of masked ones; for whoever may see them (`volunteer.unmask`)."""
    reason: Text
    """Kept in the audit."""
