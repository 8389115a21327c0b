"""The table of saved views."""

from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey

ONE_NAME = "uq_saved_views_owner_name"


class SavedView(AreaScoped, Base):
    """A list under a name; its area is the office of whoever keeps it."""

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("owner", "name", name=ONE_NAME),
        Index("ix_saved_views_community_shared", "community", "shared", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    owner: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(50))
    shared: Mapped[bool]
    filter: Mapped[dict[str, Any]]
    """All but the words."""
    words_sealed: Mapped[str | None] = mapped_column(Text)
    """What is searched for, which may be a name."""


WORDS = "intake.saved_views.words"
SEALED = [SealedColumn(SavedView, SavedView.words_sealed, WORDS)]
