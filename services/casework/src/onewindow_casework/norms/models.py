"""The table of norms; entries are added and never change."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.norms import Binding
from onewindow_shared.plumbing.tables import BigKey, one_of


class Norm(Base):
    """A norm as a district holds it from a day on; of entries for one day the newest holds."""

    __tablename__ = "norms"
    __table_args__ = (
        Index("ix_norms_district_code_valid_from_id", "district", "code", "valid_from", "id"),
        CheckConstraint(one_of("binding", Binding), name="known_binding"),
        CheckConstraint("lower IS NOT NULL OR upper IS NOT NULL OR about IS NOT NULL", name="says_how_much"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(6))
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    scope: Mapped[str] = mapped_column(String(32))
    measure: Mapped[str | None] = mapped_column(String(64))
    lower: Mapped[str | None] = mapped_column(String(16))
    upper: Mapped[str | None] = mapped_column(String(16))
    about: Mapped[str | None] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(String(20))
    binding: Mapped[str] = mapped_column(String(16))
    document: Mapped[str] = mapped_column(String(200))
    issued_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str | None] = mapped_column(String(300))
    quote: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date | None] = mapped_column(Date)
    set_aside: Mapped[bool]
    entered_by: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime]
