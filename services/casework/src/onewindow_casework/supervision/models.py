"""Tables of what is asked of whoever answers for a case; the words lie sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.supervision import Level, SupervisionKind, SupervisionState
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of

ONE_OPEN = "uq_supervisions_open"
OF_THE_CASE = 0
"""In place of a step's number: the supervision is about the case itself."""
_OPEN = text("state <> 'closed'")
_ASKED = text("state = 'asked'")


class Supervision(AreaScoped, Base):
    """Something is asked of whoever answers for a case: by time, since a limit is over, or by order."""

    __tablename__ = "supervisions"
    __table_args__ = (
        Index(
            ONE_OPEN,
            *("case_id", "step", "kind", "issued_level"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_supervisions_case_id_id", "case_id", "id"),
        *(
            Index(f"ix_supervisions_{column}_id", column, "id")
            for column in ("district", "street", "community", "department")
        ),
        *(
            Index(
                f"ix_supervisions_asked_{column}",
                *(column, "level"),
                sqlite_where=_ASKED,
                postgresql_where=_ASKED,
            )
            for column in ("district", "street", "community", "department")
        ),
        CheckConstraint(one_of("kind", SupervisionKind), name="known_kind"),
        CheckConstraint(one_of("level", Level), name="known_level"),
        CheckConstraint(one_of("issued_level", Level), name="known_issuer"),
        CheckConstraint(one_of("state", SupervisionState), name="known_state"),
        CheckConstraint("step = 0 OR kind = 'overdue'", name="orders_are_about_the_case"),
        CheckConstraint("state <> 'asked' OR awaited_by IS NOT NULL", name="asked_for_a_day"),
        CheckConstraint("(awaited_by IS NULL) = (counted_from IS NULL)", name="counted_from_a_day"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=0)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    case: Mapped[CaseFile] = relationship(viewonly=True)
    department: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    step: Mapped[int] = mapped_column(default=OF_THE_CASE)
    issued_level: Mapped[str] = mapped_column(String(16))
    issued_by: Mapped[str] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[date] = mapped_column(Date)
    counted_from: Mapped[date | None] = mapped_column(Date)
    days: Mapped[int] = mapped_column(default=0)
    """Working days from there to the awaited day."""
    awaited_by: Mapped[date | None] = mapped_column(Date)


class SupervisionStep(Base):
    """Something that happened to a supervision; only ever added."""

    __tablename__ = "supervision_steps"
    __table_args__ = (Index("ix_supervision_steps_supervision_id_id", "supervision_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    supervision_id: Mapped[int] = mapped_column(ForeignKey(Supervision.id))
    what: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))
    on_day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(Text)
    text_sealed: Mapped[str | None] = mapped_column(Text)
    awaited_by: Mapped[date | None] = mapped_column(Date)
    skipped: Mapped[bool]


WORDS = "casework.supervision.words"
SEALED = [SealedColumn(SupervisionStep, SupervisionStep.text_sealed, WORDS)]
