"""The table of messages to staff."""

from onewindow_casework.base import Base
from onewindow_shared.plumbing.messages import MessageRow


class StaffMessage(MessageRow, Base):
    """A message to an officer's account, or to whoever stands at a level of an area."""
