"""Tables of originals and their chains, only ever added to; what may name somebody lies sealed."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_shared.plumbing.scope import AreaScoped, TakenInElsewhere
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey

_HELD = "returned_at IS NULL"
_LEVELS = ("community", "street", "district")


def _lists() -> Iterator[Index]:
    """Yield an index of what is still kept for each level of areas: its own, and taken in for others."""
    for level in _LEVELS:
        yield _partial(level, _HELD)
        yield _partial(f"accepting_{level}", f"{_HELD} AND accepting_{level} IS NOT NULL")


def _partial(column: str, only: str) -> Index:
    there = text(only)
    return Index(f"ix_originals_{column}_held", column, "id", sqlite_where=there, postgresql_where=there)


class Step(Base):
    """One link of an original's chain; the last one says where it is."""

    __tablename__ = "custody_steps"
    __table_args__ = (
        UniqueConstraint("original_id", "number"),
        CheckConstraint("act IN ('taken', 'moved', 'handed_over', 'returned')", name="known_act"),
        CheckConstraint("(act = 'returned') = (place IS NULL)", name="lies_somewhere"),
        CheckConstraint("(act = 'returned') = (returned_to_sealed IS NOT NULL)", name="returned_to_somebody"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    original_id: Mapped[int] = mapped_column(ForeignKey("originals.id"))
    number: Mapped[int]
    """1 is the taking."""
    act: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    place: Mapped[str | None] = mapped_column(String(100))
    holder: Mapped[str | None] = mapped_column(String(64))
    returned_to_sealed: Mapped[str | None] = mapped_column(Text)
    signature_sealed: Mapped[str | None] = mapped_column(Text)


class Paper(AreaScoped, TakenInElsewhere, Base):
    """An original of a case's check-list that was taken."""

    __tablename__ = "originals"
    __table_args__ = (
        Index("ix_originals_case_no", "case_no"),
        *_lists(),
        CheckConstraint("count > 0", name="something_taken"),
    )
    owner_column = "applicant_subject"
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no))
    applicant_subject: Mapped[str | None] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    material: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    count: Mapped[int]
    note_sealed: Mapped[str | None] = mapped_column(Text)
    returned_at: Mapped[datetime | None]
    """When its chain ended; kept beside the chain, so that lists skip what went back."""
    steps: Mapped[list[Step]] = relationship(order_by=Step.number, lazy="selectin")


RETURNED_TO, SIGNATURE = "intake.custody.returned_to", "intake.custody.signature"
NOTE = "intake.custody.note"
SEALED = [
    SealedColumn(Step, Step.returned_to_sealed, RETURNED_TO),
    SealedColumn(Step, Step.signature_sealed, SIGNATURE),
    SealedColumn(Paper, Paper.note_sealed, NOTE),
]
