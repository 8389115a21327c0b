"""The copy of the district's published lists; casework owns them."""

from datetime import date

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_intake.base import Base
from onewindow_shared.plumbing.tables import Json


class ListedMatter(Base):
    """What casework told of a matter once; rows are only ever added, the newest word counts."""

    __tablename__ = "listed_matters"

    district: Mapped[str] = mapped_column(String(6), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    heard_on: Mapped[date]
    """The district's day on which it was told: what was judged before goes by the word before."""
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]] = mapped_column(Json)
    phrases: Mapped[list[str]] = mapped_column(Json)
    areas: Mapped[list[str]] = mapped_column(Json)
    kind: Mapped[str] = mapped_column(String(32))
    matter_class: Mapped[str] = mapped_column(String(16))
    item_codes: Mapped[list[str]] = mapped_column(Json)
    basis: Mapped[str] = mapped_column(Text)
    instead: Mapped[str | None] = mapped_column(Text)
    effective_from: Mapped[date]
    effective_until: Mapped[date | None]
