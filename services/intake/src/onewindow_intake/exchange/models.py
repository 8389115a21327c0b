"""Tables of imports."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_shared.contracts.exchange import ImportStatus, Section
from onewindow_shared.plumbing.tables import BigKey, one_of


class Import(Base):
    """A file that was handed in, and how far it is."""

    __tablename__ = "catalogue_imports"
    __table_args__ = (CheckConstraint(one_of("status", ImportStatus), name="known_status"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    status: Mapped[str] = mapped_column(String(16))
    mode: Mapped[str] = mapped_column(String(16))
    dry_run: Mapped[bool]
    effective_from: Mapped[date]
    reach: Mapped[str | None] = mapped_column(String(12))
    """Area of whoever handed the file in: no other district's terms are set; null reaches everything."""
    categories: Mapped[list[dict[str, Any]]]
    """The categories of the file, as `CategoryIn`, parents first."""
    total: Mapped[int]
    done: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    bad: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ImportRow(Base):
    """One item, or one district's terms of one, in a file that is still being imported."""

    __tablename__ = "catalogue_import_rows"

    import_id: Mapped[int] = mapped_column(ForeignKey(Import.id), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]]
    """As it was written, unchecked."""
    origins: Mapped[dict[str, Any]]
    """Part of the item -> the row of another sheet that it came from."""
    section: Mapped[str] = mapped_column(String(16), server_default=Section.ITEMS)
    effective_from: Mapped[date | None]
    """The first day, if that comes after the import's; null: the import's."""
    effective_to: Mapped[date | None]
    """The first day on which it is no longer in force, if that is settled."""
    item_code: Mapped[str | None] = mapped_column(String(64))
    staged: Mapped[int | None]
    """Number of the draft that was made of it; of terms that are found good, that which they follow."""
    in_force: Mapped[int | None]
    """Number of the version, or the terms, that the import found; none where there was nothing."""


class Fault(Base):
    """What is wrong with a row, or what was assumed of it."""

    __tablename__ = "catalogue_import_faults"
    __table_args__ = (Index("ix_catalogue_import_faults_import_id_id", "import_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    import_id: Mapped[int] = mapped_column(ForeignKey(Import.id))
    row: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
    assumed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The row is good: this is what was taken for granted about it."""
