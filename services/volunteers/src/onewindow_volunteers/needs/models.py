"""Tables of needs; whatever tells whose a need is lies sealed in its column."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.needs import NeedStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer, purpose_of, whose
from onewindow_volunteers.records.models import ServiceRecord

_TAKEN = text("helper IS NOT NULL")
_HELPED = "status IN ('offered', 'accepted', 'done', 'confirmed')"


class Need(AreaScoped, Base):
    """What a resident needs; whoever is asked, or helps, reaches it as their own."""

    __tablename__ = "needs"
    __table_args__ = (
        whose("helper"),
        Index("ix_needs_community_id", "community", "id"),
        Index("ix_needs_street_id", "street", "id"),
        Index("ix_needs_district_id", "district", "id"),
        Index("ix_needs_helper_id", "helper", "id", sqlite_where=_TAKEN, postgresql_where=_TAKEN),
        Index("ix_needs_taken_by_id", "taken_by", "id"),
        Index("ix_needs_volunteer_id_status_since", "volunteer_id", "status_since"),
        CheckConstraint(one_of("status", NeedStatus), name="known_status"),
        CheckConstraint("(volunteer_id IS NULL) = (helper IS NULL)", name="whole_helper"),
        CheckConstraint(f"NOT ({_HELPED}) OR helper IS NOT NULL", name="helped_by_somebody"),
        CheckConstraint("status <> 'open' OR helper IS NULL", name="open_to_all"),
        CheckConstraint("(status = 'offered') = (offered_until IS NOT NULL)", name="offers_end"),
        CheckConstraint("(status = 'confirmed') = (record_id IS NOT NULL)", name="confirmed_is_recorded"),
        UniqueConstraint("record_id"),
        CheckConstraint("(came_at IS NULL) = (left_at IS NULL)", name="whole_help"),
    )
    owner_column = "helper"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    case_no: Mapped[str | None] = mapped_column(String(26))
    category: Mapped[str] = mapped_column(String(32))
    skill: Mapped[str | None] = mapped_column(String(50))
    trained: Mapped[bool] = mapped_column(default=False)
    """Whoever helps has a training in the skill on record."""
    times: Mapped[list[str]]
    minutes: Mapped[int]
    sealed_name: Mapped[str] = mapped_column(Text)
    sealed_phone: Mapped[str] = mapped_column(Text)
    sealed_address: Mapped[str] = mapped_column(Text)
    sealed_details: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    status_since: Mapped[datetime]
    volunteer_id: Mapped[int | None] = mapped_column(BigKey)
    volunteer_no: Mapped[str | None] = mapped_column(String(16))
    helper: Mapped[str | None] = mapped_column(String(64))
    """Account of whoever is asked, or helps."""
    in_charge: Mapped[str | None] = mapped_column(String(50))
    """Name of the officer who asked the helper."""
    offered_until: Mapped[datetime | None]
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    record_id: Mapped[int | None] = mapped_column(ForeignKey(ServiceRecord.id))
    taken_by: Mapped[str] = mapped_column(String(64))


class Asked(Base):
    """Somebody who was asked for a need, and how that ended."""

    __tablename__ = "need_offers"

    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id), primary_key=True, autoincrement=False)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id), primary_key=True, autoincrement=False)
    at: Mapped[datetime]


PERSONAL = (Need.sealed_name, Need.sealed_phone, Need.sealed_address, Need.sealed_details)
SEALED_NEEDS = [SealedColumn(Need, column, purpose_of(column)) for column in PERSONAL]
