"""Tables of samples, which stay as they were drawn, and of the populations that areas had."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey
from onewindow_volunteers.base import Base
from onewindow_volunteers.records.models import ServiceRecord


class SpotCheck(AreaScoped, Base):
    """A sample of records that was drawn."""

    __tablename__ = "spot_checks"
    __table_args__ = (
        Index("ix_spot_checks_street_id", "street", "id"),
        Index("ix_spot_checks_district_id", "district", "id"),
        CheckConstraint("last_on >= first_on", name="a_stretch"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    seed: Mapped[str] = mapped_column(String(32))
    drawn_from: Mapped[int]
    size: Mapped[int]
    drawn_by: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime]


class SpotCheckRecord(Base):
    """A record of a sample."""

    __tablename__ = "spot_check_records"

    check_id: Mapped[int] = mapped_column(ForeignKey(SpotCheck.id), primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(
        ForeignKey(ServiceRecord.id), primary_key=True, autoincrement=False
    )


class AreaPopulation(Base):
    """Which resident population an area has had since a day; casework owns them."""

    __tablename__ = "area_populations"

    area: Mapped[str] = mapped_column(String(12), primary_key=True)
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    """The first day ever, where casework knows of none."""
    population: Mapped[int | None]
    """None where it was taken back."""
