"""The table of recorded figures."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.burden import BurdenKind
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of

ONE_RECORD_EACH = "uq_burden_records_community_year_kind"


class BurdenRecord(AreaScoped, Base):
    """How many of a kind a community had in a year; certificates are counted as they are issued."""

    __tablename__ = "burden_records"
    __table_args__ = (
        UniqueConstraint("community", "year", "kind", name=ONE_RECORD_EACH),
        Index("ix_burden_records_street_year", "street", "year"),
        Index("ix_burden_records_district_year", "district", "year"),
        CheckConstraint(
            one_of("kind", (kind for kind in BurdenKind if kind is not BurdenKind.CERTIFICATES)),
            name="known_kind",
        ),
        CheckConstraint("count >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int]
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    count: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(64))
