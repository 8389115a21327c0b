"""Tables that only the owner of the register has; areas and calendar days are the plumbing's."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base


class Department(Base):
    """A department of a district that decides cases; each district has its own under the same codes."""

    __tablename__ = "departments"

    district: Mapped[str] = mapped_column(String(6), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)


class Notice(Base):
    """What was published of a year's holidays; the calendar follows from these."""

    __tablename__ = "calendar_notices"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    notice: Mapped[str] = mapped_column(String(100))
    source: Mapped[str | None] = mapped_column(String(500))
    days: Mapped[list[list[Any]]]
    """Day, kind and name of each; the last days of the December before may be among them."""
    imported_at: Mapped[datetime]
