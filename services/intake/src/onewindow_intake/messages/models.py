"""The table of messages to applicants."""

from onewindow_intake.base import Base
from onewindow_shared.plumbing.messages import MessageRow


class ApplicantMessage(MessageRow, Base):
    """A message to whoever applied; their phone is the case's, and looked up when it is sent."""
