"""The table of calendar feeds."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer


class CalendarFeed(Base):
    """The one calendar of a volunteer, known by the blind index of its secret."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (UniqueConstraint("secret_index"),)

    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id), primary_key=True, autoincrement=False)
    secret_index: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
