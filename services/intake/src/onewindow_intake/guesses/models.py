"""Table of wrong codes."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base


class WrongCodes(Base):
    """Wrong codes within a window; kept for numbers that were never given out, too.

    `key` is the blind index of a number or of a client's address.
    """

    __tablename__ = "wrong_codes"
    __table_args__ = (Index("ix_wrong_codes_until", "until"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime]
