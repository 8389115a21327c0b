"""The copy of the register of departments."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base


class Department(Base):
    """A department of a district; each district has its own under the same codes."""

    __tablename__ = "departments"

    district: Mapped[str] = mapped_column(String(6), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
