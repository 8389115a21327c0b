"""Tables of what is to be published."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.disclosure import FactKind, Section
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, Json, one_of


class Publication(AreaScoped, Base):
    """A section of a community's affairs that is to be published for a quarter, and what was published."""

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("community", "period", "section"),
        Index("ix_publications_district_due_on", "district", "due_on"),
        CheckConstraint(one_of("section", Section), name="known_section"),
        CheckConstraint("(published_on IS NULL) = (published_by IS NULL)", name="published_by_somebody"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    section: Mapped[str] = mapped_column(String(16))
    period: Mapped[str] = mapped_column(String(6))
    due_on: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool]
    published_on: Mapped[date | None] = mapped_column(Date)
    published_by: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[dict[str, Any] | None] = mapped_column(Json)


class DisclosedFact(AreaScoped, Base):
    """A single fact that a community is to publish soon after it arose."""

    __tablename__ = "disclosed_facts"
    __table_args__ = (
        Index("ix_disclosed_facts_community_id", "community", "id"),
        CheckConstraint(one_of("kind", FactKind), name="known_kind"),
        CheckConstraint("(published_on IS NULL) = (published_by IS NULL)", name="published_by_somebody"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(16))
    arose_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    """As it was when it arose; nothing in it is personal."""
    published_on: Mapped[date | None] = mapped_column(Date)
    published_by: Mapped[str | None] = mapped_column(String(64))


class ListChange(Base):
    """A change of a district's lists, kept until its communities have it as a fact to publish."""

    __tablename__ = "list_changes"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(6))
    day: Mapped[date] = mapped_column(Date)
    changes: Mapped[dict[str, Any]] = mapped_column(Json)
    """`added`, `removed`, `changed` -> code, name and areas of the matters."""
