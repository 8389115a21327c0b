"""The copy of staff accounts."""

from onewindow_casework.base import Base
from onewindow_shared.plumbing.officers import OfficerCopy


class KnownOfficer(OfficerCopy, Base):
    """A staff account."""
