"""Tables of decided changes; what an area is today is in the register itself."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.plumbing.tables import BigKey


class AreaChange(Base):
    """A decision on areas of a district; it is written once, and may be taken back before its day."""

    __tablename__ = "area_changes"
    __table_args__ = (
        Index("ix_area_changes_district_id", "district", "id"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL) "
            "AND (taken_back_at IS NULL) = (taken_back_document IS NULL) "
            "AND (taken_back_at IS NULL) = (taken_back_reason IS NULL)",
            name="taken_back_whole",
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    district: Mapped[str] = mapped_column(String(6))
    kind: Mapped[str] = mapped_column(String(16))
    effective_on: Mapped[date] = mapped_column(Date)
    """The first day on which it is so."""
    document_no: Mapped[str] = mapped_column(String(100))
    basis: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(64))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str | None] = mapped_column(String(64))
    taken_back_document: Mapped[str | None] = mapped_column(String(100))
    taken_back_reason: Mapped[str | None] = mapped_column(Text)


class Predecessor(Base):
    """An area as a change found it."""

    __tablename__ = "area_change_predecessors"
    __table_args__ = (Index("ix_area_change_predecessors_code", "code"),)

    change_id: Mapped[int] = mapped_column(BigKey, ForeignKey("area_changes.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    heir: Mapped[str] = mapped_column(String(12))
    """Which of the successors stands for it; itself if it goes on."""


class Successor(Base):
    """An area as a change leaves it."""

    __tablename__ = "area_change_successors"
    __table_args__ = (Index("ix_area_change_successors_code", "code"),)

    change_id: Mapped[int] = mapped_column(BigKey, ForeignKey("area_changes.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(100))
    """Its name from the day on, where the change gives it one."""
    population: Mapped[int | None]
