"""One-time codes, at most one per phone."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_gateway.tables import Base
from onewindow_shared.plumbing.database import UtcDateTime


class OneTimeCode(Base):
    """The latest code of a phone: known by the phone's blind index, kept as a keyed hash."""

    __tablename__ = "one_time_codes"
    __table_args__ = (Index("ix_one_time_codes_expires_at", "expires_at"),)

    phone_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The moment it was used, once it was."""
    tries: Mapped[int]
