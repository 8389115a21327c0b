"""The table of people who walked in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey
from onewindow_volunteers.activities.models import Shift, ShiftRole
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import sealed
from onewindow_volunteers.records.models import ServiceRecord


class WalkIn(AreaScoped, Base):
    """Somebody who helped in a shift without a place; by name until it is known who it was."""

    __tablename__ = "walk_ins"
    __table_args__ = (
        Index("ix_walk_ins_shift_id_id", "shift_id", "id"),
        CheckConstraint("left_at > came_at", name="a_time"),
        CheckConstraint("(record_id IS NULL) = (volunteer_no IS NULL)", name="merged_to_a_person"),
        CheckConstraint("record_id IS NULL OR sealed_name IS NULL", name="named_until_merged"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    shift_id: Mapped[int] = mapped_column(ForeignKey(Shift.id))
    role_id: Mapped[int] = mapped_column(ForeignKey(ShiftRole.id))
    sealed_name: Mapped[str | None] = mapped_column(Text)
    came_at: Mapped[datetime]
    left_at: Mapped[datetime]
    volunteer_no: Mapped[str | None] = mapped_column(String(16))
    record_id: Mapped[int | None] = mapped_column(ForeignKey(ServiceRecord.id))


SEALED_WALK_IN = sealed(WalkIn.sealed_name)
