"""Table of issued papers."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_shared.plumbing.sealed import SealedColumn


class IssuedPaper(Base):
    """A document as it was issued, in the transaction of the act that left it; every print says the same."""

    __tablename__ = "issued_papers"
    __table_args__ = (UniqueConstraint("case_no", "kind", "issue"), UniqueConstraint("token_index"))

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no))
    kind: Mapped[str] = mapped_column(String(32))
    issue: Mapped[int]
    """Running number of the papers of this kind of the case."""
    edition: Mapped[str | None] = mapped_column(String(64))
    """What an older print was written from; another edition made a new paper."""
    token_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the random part of the address in its QR code."""
    document_sealed: Mapped[str | None] = mapped_column(Text)
    """What it says; null only where it was printed before this was kept."""
    sheet_sealed: Mapped[str | None] = mapped_column(Text)
    """The sheet of such an older print, which stays as it is."""
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what it says."""
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))


DOCUMENT = "intake.papers.document"
SHEET = "intake.papers.sheet"
TOKEN = "intake.papers.token"  # noqa: S105 - what the index is for
SEALED = [
    SealedColumn(IssuedPaper, IssuedPaper.document_sealed, DOCUMENT),
    SealedColumn(IssuedPaper, IssuedPaper.sheet_sealed, SHEET),
]
