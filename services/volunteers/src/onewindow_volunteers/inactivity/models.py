"""The table of volunteers who are asked whether they stay."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer

_UNSENT = text("sent_at IS NULL")


class Asking(Base):
    """That somebody is asked, known by the blind index of the link that they are sent; the latest alone."""

    __tablename__ = "inactivity_askings"
    __table_args__ = (
        UniqueConstraint("link_index"),
        Index("ix_inactivity_askings_unsent", "try_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        CheckConstraint("(sent_at IS NULL) = (answer_by IS NULL)", name="answered_after_it_was_sent"),
    )

    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id), primary_key=True, autoincrement=False)
    link_index: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    try_at: Mapped[datetime]
    """When it is next tried to send the link: later each time that nobody takes it over."""
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    """Without an answer the registration rests from then on."""
    stayed_at: Mapped[datetime | None]
    """When the link was followed and the answer was to stay."""
