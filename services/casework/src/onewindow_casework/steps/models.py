"""Tables of steps and of objections to what was put up; both are reached through their case."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.steps import ObjectionState, StepKind, StepState
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of


class CaseStep(Base):
    """A step of a case; what is done again after an objection is a row of its own."""

    __tablename__ = "case_steps"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint(one_of("kind", StepKind), name="known_kind"),
        CheckConstraint(one_of("state", StepState), name="known_state"),
        CheckConstraint("(kind IN ('work', 'publicity')) = (role IS NOT NULL)", name="has_its_role"),
        CheckConstraint("(put_up_on IS NULL) = (put_up_until IS NULL)", name="whole_publicity"),
        CheckConstraint("state <> 'put_up' OR put_up_on IS NOT NULL", name="put_up_on_a_day"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    number: Mapped[int]
    again_of: Mapped[int | None]
    """Number of the step that is done again."""
    stage: Mapped[int]
    """Steps of one stage run side by side."""
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    role: Mapped[str | None] = mapped_column(String(32))
    working_days: Mapped[int | None]
    officers: Mapped[int]
    paper: Mapped[str | None] = mapped_column(Text)
    publicity_working_days: Mapped[int | None]
    publicity_calendar_days: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16))
    started_on: Mapped[date | None] = mapped_column(Date)
    put_up_on: Mapped[date | None] = mapped_column(Date)
    put_up_until: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str | None] = mapped_column(Text)
    result_sealed: Mapped[str | None] = mapped_column(Text)
    paper_no: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(String(64))
    done_by_name: Mapped[str | None] = mapped_column(Text)
    remark_sealed: Mapped[str | None] = mapped_column(Text)
    """Of the second officer: why it was sent back, or how it was checked."""
    checked_by: Mapped[str | None] = mapped_column(String(64))
    checked_by_name: Mapped[str | None] = mapped_column(Text)


class Objection(Base):
    """What somebody had against an outcome that was put up, and what became of it; their words lie sealed."""

    __tablename__ = "objections"
    __table_args__ = (
        Index("ix_objections_case_id_id", "case_id", "id"),
        CheckConstraint(one_of("state", ObjectionState), name="known_state"),
        CheckConstraint("(state = 'taken') = (heard_at IS NULL)", name="heard"),
        CheckConstraint("(state IN ('dismissed', 'upheld')) = (ruled_at IS NOT NULL)", name="ruled"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    step: Mapped[int]
    """Number of the publicity step."""
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16))
    name_sealed: Mapped[str] = mapped_column(Text)
    mobile_sealed: Mapped[str | None] = mapped_column(Text)
    words_sealed: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(String(64))
    taken_by_name: Mapped[str] = mapped_column(Text)
    record_sealed: Mapped[str | None] = mapped_column(Text)
    heard_at: Mapped[datetime | None]
    heard_by: Mapped[str | None] = mapped_column(String(64))
    reasons_sealed: Mapped[str | None] = mapped_column(Text)
    ruled_at: Mapped[datetime | None]
    ruled_by: Mapped[str | None] = mapped_column(String(64))
    ruled_by_name: Mapped[str | None] = mapped_column(Text)


RESULT, REMARK = "casework.step.result", "casework.step.remark"
OBJECTOR, MOBILE, WORDS = "casework.objection.name", "casework.objection.mobile", "casework.objection.words"
RECORD, REASONS = "casework.objection.record", "casework.objection.reasons"
SEALED = [
    SealedColumn(CaseStep, CaseStep.result_sealed, RESULT),
    SealedColumn(CaseStep, CaseStep.remark_sealed, REMARK),
    SealedColumn(Objection, Objection.name_sealed, OBJECTOR),
    SealedColumn(Objection, Objection.mobile_sealed, MOBILE),
    SealedColumn(Objection, Objection.words_sealed, WORDS),
    SealedColumn(Objection, Objection.record_sealed, RECORD),
    SealedColumn(Objection, Objection.reasons_sealed, REASONS),
]
