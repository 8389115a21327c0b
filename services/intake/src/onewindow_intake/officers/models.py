"""The copy of staff accounts."""

from onewindow_intake.base import Base
from onewindow_shared.plumbing.officers import OfficerCopy


class Colleague(OfficerCopy, Base):
    """A staff account."""
