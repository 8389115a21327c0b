"""Tables of service items; what was once published never changes."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, event, inspect, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from onewindow_intake.base import Base

_PUBLISHED = text("status = 'published'")
_MAY_CHANGE = frozenset({"status", "effective_to"})


class VersionStatus(StrEnum):
    """Where a version of an item stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Item(Base):
    """Something one can apply for."""

    __tablename__ = "items"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    category: Mapped[str] = mapped_column(String(32))
    department: Mapped[str] = mapped_column(String(64))
    audience: Mapped[str] = mapped_column(String(16))


class ItemVersion(Base):
    """A state of an item's guide; every case stays with the version it was posted under."""

    __tablename__ = "item_versions"
    __table_args__ = (
        Index(
            "uq_item_versions_published",
            "item_code",
            unique=True,
            sqlite_where=_PUBLISHED,
            postgresql_where=_PUBLISHED,
        ),
        CheckConstraint("promised_days <= statutory_days", name="promise_within_law"),
        CheckConstraint("status IN ('draft', 'published', 'retired')", name="known_status"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="ends_after_start"),
    )

    item_code: Mapped[str] = mapped_column(ForeignKey(Item.code), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(16))
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    statutory_days: Mapped[int]
    """Working days."""
    promised_days: Mapped[int]
    """Working days."""
    instant: Mapped[bool]
    content: Mapped[dict[str, Any]]
    """The whole guide, as `ItemContent`."""


class PublishedChangedError(RuntimeError):
    """Something tried to change a version that people have already relied on: a defect."""


@event.listens_for(ItemVersion, "before_update")
def _keep_what_was_published(_mapper: Mapper[Any], _connection: Connection, version: ItemVersion) -> None:
    state = inspect(version)
    before = state.attrs.status.history.deleted or (version.status,)
    changed = {attribute.key for attribute in state.attrs if attribute.history.has_changes()}
    if before[0] != VersionStatus.DRAFT and not changed <= _MAY_CHANGE:
        raise PublishedChangedError(f"{version.item_code} version {version.number}")
