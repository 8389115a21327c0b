"""The table of dated values; entries are added and never change."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.register import ValueKind
from onewindow_shared.plumbing.tables import BigKey, one_of


class AreaValue(Base):
    """What an area has of a kind from a day on; of entries for one day the newest holds."""

    __tablename__ = "area_values"
    __table_args__ = (
        Index("ix_area_values_area_kind_valid_from_id", "area", "kind", "valid_from", "id"),
        CheckConstraint(one_of("kind", ValueKind), name="known_kind"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    area: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(32))
    value: Mapped[str | None] = mapped_column(String(200))
    """None where it is not known from that day on."""
    valid_from: Mapped[date | None] = mapped_column(Date)
    """None where its source names no day: it is older than any that does."""
    source: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]
