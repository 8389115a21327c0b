"""Table of delays; what was said beyond the kind of the reason lies sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey


class Delay(AreaScoped, Base):
    """A case was open when its promised day was over."""

    __tablename__ = "delays"
    __table_args__ = (
        UniqueConstraint("case_id", "promised_on"),
        Index("ix_delays_district_promised_on", "district", "promised_on"),
        *(
            Index(f"ix_delays_{column}_id", column, "id")
            for column in ("district", "street", "community", "department")
        ),
        CheckConstraint("(kind IS NULL) = (stated_at IS NULL)", name="stated_with_its_kind"),
        CheckConstraint("words_sealed IS NULL OR kind IS NOT NULL", name="no_words_without_kind"),
    )
    owner_column = "applicant_subject"
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    case: Mapped[CaseFile] = relationship(viewonly=True)
    department: Mapped[str] = mapped_column(String(64))
    applicant_subject: Mapped[str | None] = mapped_column(String(64))
    item_code: Mapped[str] = mapped_column(String(64))
    promised_on: Mapped[date] = mapped_column(Date)
    reason_by: Mapped[date] = mapped_column(Date)
    kind: Mapped[str | None] = mapped_column(String(64))
    words_sealed: Mapped[str | None] = mapped_column(Text)
    stated_at: Mapped[datetime | None]
    stated_by: Mapped[str | None] = mapped_column(String(64))


WORDS = "casework.delay.words"
SEALED = [SealedColumn(Delay, Delay.words_sealed, WORDS)]
