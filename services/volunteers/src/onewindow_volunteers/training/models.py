"""The table of trainings."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.plumbing.tables import BigKey
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer


class Training(Base):
    """Somebody was trained in a skill, for good or until a day; reached through the volunteer alone."""

    __tablename__ = "trainings"
    __table_args__ = (
        Index("ix_trainings_volunteer_id_id", "volunteer_id", "id"),
        Index("ix_trainings_skill_volunteer_id", "skill", "volunteer_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id))
    skill: Mapped[str] = mapped_column(String(50))
    title: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    provider: Mapped[str] = mapped_column(String(100))
    held_on: Mapped[date]
    valid_until: Mapped[date | None]
