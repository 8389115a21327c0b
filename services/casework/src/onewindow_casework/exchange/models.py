"""Tables of imports of a register: what a file comes to, the rows that are still to be written, bad ones."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.exchange import ImportStatus
from onewindow_shared.plumbing.tables import BigKey, one_of


class RegisterImport(Base):
    """A file that was handed in, and how far it is."""

    __tablename__ = "register_imports"
    __table_args__ = (CheckConstraint(one_of("status", ImportStatus), name="known_status"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(6))
    status: Mapped[str] = mapped_column(String(16))
    mode: Mapped[str] = mapped_column(String(16))
    dry_run: Mapped[bool]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    total: Mapped[int]
    """Rows to be written."""
    done: Mapped[int]
    """Rows that were looked at for the last time: written, or overtaken meanwhile."""
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    bad: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class RegisterImportRow(Base):
    """A good row that is still to be written."""

    __tablename__ = "register_import_rows"

    import_id: Mapped[int] = mapped_column(ForeignKey(RegisterImport.id), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sheet: Mapped[str] = mapped_column(String(16))
    row: Mapped[str] = mapped_column(String(64))
    """How it is called in the file."""
    new: Mapped[bool]
    """The register had nothing in its place when the file was checked."""
    content: Mapped[dict[str, Any]]


class RegisterImportFault(Base):
    """What is wrong with a row."""

    __tablename__ = "register_import_faults"
    __table_args__ = (Index("ix_register_import_faults_import_id_id", "import_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    import_id: Mapped[int] = mapped_column(ForeignKey(RegisterImport.id))
    row: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
