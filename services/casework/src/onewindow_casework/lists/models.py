"""Tables of published lists. Nothing in them ever changes: the database refuses it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.admission.models import WorkItem
from onewindow_casework.base import Base
from onewindow_shared.plumbing.tables import BigKey


class ListVersion(Base):
    """One numbered version of a district's lists; of those that have begun, the newest is in force."""

    __tablename__ = "list_versions"
    __table_args__ = (
        UniqueConstraint("district", "number"),
        Index("ix_list_versions_district_effective_from_number", "district", "effective_from", "number"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(6))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    effective_from: Mapped[date] = mapped_column(Date)
    """A version that is numbered later and begins earlier takes its place for good."""
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(64))


class ListEntry(Base):
    """A matter on one version of the lists, as it was published."""

    __tablename__ = "list_entries"
    __table_args__ = (
        UniqueConstraint("list_id", "code"),
        Index("ix_list_entries_list_id_matter_class_code", "list_id", "matter_class", "code"),
        Index("ix_list_entries_item_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    list_id: Mapped[int] = mapped_column(ForeignKey(ListVersion.id))
    code: Mapped[str] = mapped_column(String(64))
    item_id: Mapped[int | None] = mapped_column(ForeignKey(WorkItem.id))
    """The work item; none for what stands on the lists by law."""
    matter_class: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(32))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    card: Mapped[dict[str, Any]]
    """The whole `ListedMatter`."""


class ListEntryArea(Base):
    """An area that an entry concerns."""

    __tablename__ = "list_entry_areas"
    __table_args__ = (Index("ix_list_entry_areas_area_entry_id", "area", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey(ListEntry.id), primary_key=True, autoincrement=False)
    area: Mapped[str] = mapped_column(String(12), primary_key=True)
