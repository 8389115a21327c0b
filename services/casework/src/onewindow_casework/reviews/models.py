"""Table of reviews."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.plumbing.tables import BigKey

ONE_PER_CASE = "uq_reviews_case_id"


class Review(Base):
    """What an applicant thinks of the handling of one case: one review each (一次一评)."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("case_id", name=ONE_PER_CASE),
        CheckConstraint("level BETWEEN 1 AND 5", name="five_levels"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    level: Mapped[int]
    channel: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str | None] = mapped_column(Text)
    rated_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(64))
    """Account of the resident, or of the clerk who entered it with the resident present."""
