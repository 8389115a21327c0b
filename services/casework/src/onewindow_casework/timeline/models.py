"""Table of what happened to cases."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey


class Entry(Base):
    """One thing that happened; entries are only ever added."""

    __tablename__ = "timeline"
    __table_args__ = (Index("ix_timeline_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    at: Mapped[datetime]
    step: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(Text)
    note_sealed: Mapped[str | None] = mapped_column(Text)


NOTE = "casework.timeline.note"
SEALED = [SealedColumn(Entry, Entry.note_sealed, NOTE)]
