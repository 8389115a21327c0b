"""Tables of imports; what a file says of people lies sealed, and only as long as it is needed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.plumbing.tables import BigKey
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import sealed


class Import(Base):
    """A file that was handed in, and how far it is."""

    __tablename__ = "volunteer_imports"
    __table_args__ = (
        Index("ix_volunteer_imports_created_by_id", "created_by", "id"),
        CheckConstraint("status IN ('running', 'done')", name="known_status"),
        CheckConstraint("done = good + bad AND done <= total", name="adds_up"),
        CheckConstraint("(status = 'done') = (finished_at IS NOT NULL)", name="done_once"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    status: Mapped[str] = mapped_column(String(16))
    dry_run: Mapped[bool]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(12))
    """Area that whoever handed it in works in; people of no other are taken."""
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ImportRow(Base):
    """A row of a file; good ones are forgotten when the import is done, bad ones some days later."""

    __tablename__ = "volunteer_import_rows"
    __table_args__ = (Index("ix_volunteer_import_rows_import_id_person_index", "import_id", "person_index"),)

    import_id: Mapped[int] = mapped_column(ForeignKey(Import.id), primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row: Mapped[str] = mapped_column(String(64))
    sealed_cells: Mapped[str] = mapped_column(Text)
    """As they were written, as JSON."""
    person_index: Mapped[str | None] = mapped_column(String(64))
    bad: Mapped[bool] = mapped_column(default=False)


class ImportFault(Base):
    """What is wrong with a row; never the value."""

    __tablename__ = "volunteer_import_faults"
    __table_args__ = (Index("ix_volunteer_import_faults_import_id_id", "import_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    import_id: Mapped[int] = mapped_column(ForeignKey(Import.id))
    place: Mapped[int]
    row: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500))


SEALED_CELLS = sealed(ImportRow.sealed_cells)
