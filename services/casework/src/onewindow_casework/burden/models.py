"""Tables of recorded figures and of staff."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.burden import BurdenKind
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of

ONE_RECORD_EACH = "uq_burden_records_community_year_kind"
ONE_STAFF_EACH = "uq_community_staff_community"


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


class CommunityStaff(AreaScoped, Base):
    """How many people a community has for its work."""

    __tablename__ = "community_staff"
    __table_args__ = (
        UniqueConstraint("community", name=ONE_STAFF_EACH),
        Index("ix_community_staff_street", "street"),
        Index("ix_community_staff_district", "district"),
        CheckConstraint("staff > 0", name="somebody"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int]
    staff: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date] = mapped_column(Date)
    recorded_by: Mapped[str] = mapped_column(String(64))
