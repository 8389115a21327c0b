"""Table of wrong tracking codes."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base


class WrongCodes(Base):
    """Wrong codes for a number within a window; kept for numbers that were never given out, too."""

    __tablename__ = "tracking_wrong_codes"
    __table_args__ = (Index("ix_tracking_wrong_codes_until", "until"),)

    case_no: Mapped[str] = mapped_column(String(26), primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime]
