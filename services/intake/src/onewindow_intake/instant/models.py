"""Table of decisions on instant items; their reasons lie sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_intake.cases.models import Case
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.plumbing.sealed import SealedColumn


class AtOnce(Base):
    """A decision that was made at the window."""

    __tablename__ = "instant_decisions"
    __table_args__ = (
        CheckConstraint(
            f"outcome = '{Outcome.GRANT}' OR (reasons_sealed IS NOT NULL AND remedies IS NOT NULL)",
            name="refused_with_reasons_and_remedies",
        ),
    )

    case_no: Mapped[str] = mapped_column(ForeignKey(Case.case_no), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    reasons_sealed: Mapped[str | None] = mapped_column(Text)
    remedies: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(64))


REASONS = "intake.instant_decisions.reasons"
SEALED = [SealedColumn(AtOnce, AtOnce.reasons_sealed, REASONS)]
