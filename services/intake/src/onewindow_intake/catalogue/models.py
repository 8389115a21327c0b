"""Tables of the catalogue; what was once published never changes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, Text, event, inspect, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from onewindow_intake.base import Base
from onewindow_shared.plumbing.tables import one_of

_PUBLISHED = text("status = 'published'")
_MAY_CHANGE = frozenset({"status", "effective_to", "revision"})


class VersionStatus(StrEnum):
    """What was done with a version of an item."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
    """Thrown away, called off before it began, or replaced on its first day."""


class Item(Base):
    """Something one can apply for."""

    __tablename__ = "items"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)


class ItemVersion(Base):
    """A state of an item's guide; every case stays with the version it was posted under.

    In force on a day is the published version with the latest beginning up to that day, unless it has ended:
    no two begin on the same day, so it is always one.
    """

    __tablename__ = "item_versions"
    __table_args__ = (
        Index(
            "uq_item_versions_item_code_effective_from",
            "item_code",
            "effective_from",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),
        Index("ix_item_versions_name", "name", "category", "department", "item_code"),
        CheckConstraint("promised_days <= statutory_days", name="promise_within_law"),
        CheckConstraint(one_of("status", VersionStatus), name="known_status"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="ends_after_start"),
        CheckConstraint("status <> 'published' OR effective_from IS NOT NULL", name="published_from_a_day"),
    )

    item_code: Mapped[str] = mapped_column(ForeignKey(Item.code), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(default=1)
    """How often the row was written."""
    status: Mapped[str] = mapped_column(String(16))
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]
    """The first day on which it is no longer in force, where it was ended."""
    statutory_days: Mapped[int]
    """Working days."""
    promised_days: Mapped[int]
    """Working days."""
    instant: Mapped[bool]
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(32))
    department: Mapped[str] = mapped_column(String(64))
    called: Mapped[str] = mapped_column(Text, server_default="")
    """What people call the item, in the form in which texts are compared, a line each."""
    content: Mapped[dict[str, Any]]
    """The whole guide, as `ItemContent`."""


class ItemOverride(Base):
    """A district's own terms of an item from a day on; rows are only ever added, the latest counts."""

    __tablename__ = "item_overrides"

    item_code: Mapped[str] = mapped_column(ForeignKey(Item.code), primary_key=True)
    district: Mapped[str] = mapped_column(String(6), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_from: Mapped[date]
    terms: Mapped[dict[str, Any]]
    """As `ItemTerms`."""
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(64))


class ItemCategory(Base):
    """A category below the ten."""

    __tablename__ = "item_categories"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    root: Mapped[str] = mapped_column(String(32))
    """The one of the ten that it belongs to."""
    parent: Mapped[str | None] = mapped_column(ForeignKey("item_categories.code"))
    """Null directly below the root."""
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(200))
    revision: Mapped[int]


class PublishedChangedError(RuntimeError):
    """Something tried to change a version that people have already relied on: a defect."""


@event.listens_for(ItemVersion, "before_update")
def _keep_what_was_published(_mapper: Mapper[Any], _connection: Connection, version: ItemVersion) -> None:
    state = inspect(version)
    before = state.attrs.status.history.deleted or (version.status,)
    changed = {attribute.key for attribute in state.attrs if attribute.history.has_changes()}
    if before[0] != VersionStatus.DRAFT and not changed <= _MAY_CHANGE:
        raise PublishedChangedError(f"{version.item_code} version {version.number}")
