"""The table of hand-offs; a case has one open offer at most, and what officers write lies sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_shared.plumbing.scope import AreaScoped, TakenInElsewhere
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey

_OPEN = text("state = 'offered'")


class Offer(AreaScoped, TakenInElsewhere, Base):
    """One officer offers a case to another."""

    __tablename__ = "case_handoffs"
    __table_args__ = (
        Index("uq_case_handoffs_open", "case_no", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_case_handoffs_case_no", "case_no"),
        Index("ix_case_handoffs_taker", "taker", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("state IN ('offered', 'accepted', 'bounced', 'withdrawn')", name="known_state"),
        CheckConstraint("(state = 'offered') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("(state = 'bounced') = (reason_sealed IS NOT NULL)", name="bounced_for_a_reason"),
        CheckConstraint("giver <> taker", name="two_officers"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no))
    version: Mapped[int]
    department: Mapped[str] = mapped_column(String(64))
    giver: Mapped[str] = mapped_column(String(64))
    taker: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    note_sealed: Mapped[str | None] = mapped_column(Text)
    reason_sealed: Mapped[str | None] = mapped_column(Text)
    offered_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


NOTE, REASON = "intake.case_handoffs.note", "intake.case_handoffs.reason"
SEALED = [SealedColumn(Offer, Offer.note_sealed, NOTE), SealedColumn(Offer, Offer.reason_sealed, REASON)]
