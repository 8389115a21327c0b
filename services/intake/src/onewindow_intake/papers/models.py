"""Table of issued papers."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_shared.plumbing.sealed import SealedColumn


class IssuedPaper(Base):
    """A paper as it was issued; its sheet stays as it is, so that every print of it is the same."""

    __tablename__ = "issued_papers"
    __table_args__ = (UniqueConstraint("case_no", "kind", "issue"), UniqueConstraint("token_index"))

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no))
    kind: Mapped[str] = mapped_column(String(32))
    issue: Mapped[int]
    """Running number of the papers of this kind of the case."""
    edition: Mapped[str] = mapped_column(String(64))
    """What it was written from; another one makes a new paper, which replaces it."""
    token_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the random part of the address in its QR code."""
    sheet_sealed: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the sheet."""
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    prints: Mapped[int]


SHEET = "intake.papers.sheet"
TOKEN = "intake.papers.token"  # noqa: S105 - what the index is for
SEALED = [SealedColumn(IssuedPaper, IssuedPaper.sheet_sealed, SHEET)]
