"""The copy of staff accounts: no names, only what decides who may be responsible for a case."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_shared.plumbing.tables import Json


class Colleague(Base):
    """A staff account."""

    __tablename__ = "officers"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    roles: Mapped[list[str]] = mapped_column(Json)
    area: Mapped[str] = mapped_column(String(12))
    """Prefix of 6, 9 or 12 digits."""
    department: Mapped[str | None] = mapped_column(String(64))
    active: Mapped[bool]
