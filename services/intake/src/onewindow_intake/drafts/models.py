"""The table of drafts; what they say lies sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_shared.contracts.drafts import DraftSaved
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey


class Draft(AreaScoped, Base):
    """An application that somebody has begun. Once it is submitted it says nothing but its case.

    It belongs to the area of the window that takes it in. Its number is never another's: a submitted draft
    is answered with its case under it.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index("ix_drafts_community_id", "community", "id"),
        Index("ix_drafts_owner_id", "owner", "id"),
        CheckConstraint("(case_no IS NULL) = (content_sealed IS NOT NULL)", name="draft_or_case"),
        {"sqlite_autoincrement": True},
    )
    owner_column = "owner"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int]
    owner: Mapped[str | None] = mapped_column(String(64))
    """Account of the resident whose own draft it is; no window sees it."""
    authority: Mapped[str | None] = mapped_column(String(12))
    """The community that decides, where another takes it in."""
    item_code: Mapped[str | None] = mapped_column(String(64))
    content_sealed: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(64))
    saved_by: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    case_no: Mapped[str | None] = mapped_column(ForeignKey(Case.case_no))


def resource(draft: Draft) -> DraftSaved:
    """Show which state of a draft this is; what is wrong with it is not looked at."""
    return DraftSaved(draft_id=draft.id, version=draft.version, wrong=[], expires_at=draft.expires_at)


CONTENT = "intake.drafts.content"
SEALED = [SealedColumn(Draft, Draft.content_sealed, CONTENT)]
