"""Table of standing matters."""

from typing import Any

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_shared.contracts.admission import MatterClass
from onewindow_shared.plumbing.tables import BigKey, Json, one_of

STANDING_CLASSES = (
    MatterClass.AUTONOMY,
    MatterClass.ASSIST,
    MatterClass.FORBIDDEN,
    MatterClass.NOT_ISSUED,
)
"""`assist` stands here for the fields in which the law has committees help; work in them is a work item."""
ONE_MATTER_PER_CODE = "uq_matters_district_code"


class Matter(Base):
    """A matter that stands on a district's lists without anybody's application."""

    __tablename__ = "matters"
    __table_args__ = (
        UniqueConstraint("district", "code", name=ONE_MATTER_PER_CODE),
        CheckConstraint(one_of("matter_class", STANDING_CLASSES), name="standing_class"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(6))
    code: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]]
    phrases: Mapped[list[str]]
    """Wordings that give the matter away in an application; parts apart by a space occur in one clause."""
    kind: Mapped[str] = mapped_column(String(32))
    matter_class: Mapped[str] = mapped_column(String(16))
    main_only: Mapped[bool] = mapped_column(default=False)
    """Forbidden to a community as its responsible body; it may help with it."""
    whole_kind: Mapped[bool] = mapped_column(default=False)
    """Whatever is of this kind is this matter, however it is worded."""
    basis: Mapped[list[dict[str, Any]]]
    instead: Mapped[str | None] = mapped_column(Text)
    item_codes: Mapped[list[str]] = mapped_column(default=list)
    """Service items that are this matter; the lists tell of them."""
    own: Mapped[bool] = mapped_column(default=False)
    """The district added it by a basis of its own."""
    lifted: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The district's own basis for not following the matter; none where it is followed."""
    revision: Mapped[int] = mapped_column(default=0)
    """Of what the other services were told of it."""
