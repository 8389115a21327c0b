"""Tables of documents: what was uploaded to which case, and the content behind it, stored once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_shared.contracts.documents import Scan
from onewindow_shared.plumbing.sealed import SealedColumn

OPEN, KEPT, DROPPED = "open", "kept", "dropped"


class Content(Base):
    """Bytes in the store, in parts below the folder `id`, sealed by a key of their own.

    `index` is the keyed fingerprint of district and content: the same file is kept once per district.
    """

    __tablename__ = "document_contents"
    __table_args__ = (
        UniqueConstraint("index"),
        Index("ix_document_contents_tend_at", "tend_at"),
        Index("ix_document_contents_scan_at", "scan_at"),
        CheckConstraint(f"withheld_at IS NULL OR scan = '{Scan.INFECTED}'", name="withheld_if_infected"),
        CheckConstraint(f"state IN ('{OPEN}', '{KEPT}', '{DROPPED}')", name="known_state"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    index: Mapped[str | None] = mapped_column(String(64))
    key_sealed: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    scan: Mapped[str] = mapped_column(String(16))
    scan_at: Mapped[datetime | None]
    """When the scanner is to be asked next; null when it has answered."""
    scan_tries: Mapped[int]
    withheld_at: Mapped[datetime | None]
    """When it was found infected."""
    tend_at: Mapped[datetime | None]
    """When what lies in the store beside the parts is to be taken away, or all of it if it was dropped."""


class Part(Base):
    """One sealed piece of a content. A part that is sent again takes the place of the one before."""

    __tablename__ = "document_parts"

    content_id: Mapped[str] = mapped_column(ForeignKey(Content.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]


class Document(Base):
    """A file of a case: under way while its content is open, kept afterwards."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("ix_documents_case_no_uploaded_at", "case_no", "uploaded_at", "id"),
        Index("ix_documents_content_id", "content_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no))
    material: Mapped[str | None] = mapped_column(String(64))
    name_sealed: Mapped[str] = mapped_column(Text)
    content_id: Mapped[str] = mapped_column(ForeignKey(Content.id))
    content: Mapped[Content] = relationship(viewonly=True, lazy="raise")
    complete: Mapped[bool]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(String(64))
    acting: Mapped[str | None] = mapped_column(String(16))
    """In whose quality it was sent; null for what an earlier case brought along."""
    expires_at: Mapped[datetime]


KEY = "intake.documents.key"
NAME = "intake.documents.name"
CONTENT = "intake.documents.content"
SEALED = [
    SealedColumn(Content, Content.key_sealed, KEY),
    SealedColumn(Document, Document.name_sealed, NAME),
]
