"""The table of evaluations; what was said lies sealed."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.service_evaluations import EvaluatedBy
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer, sealed
from onewindow_volunteers.records.models import ServiceRecord

ONE_EVALUATION = "uq_service_evaluations_record_id_side"


class ServiceEvaluation(Base):
    """What one side says of a service; reached through the record alone."""

    __tablename__ = "service_evaluations"
    __table_args__ = (
        UniqueConstraint("record_id", "side", name=ONE_EVALUATION),
        Index("ix_service_evaluations_volunteer_id_id", "volunteer_id", "id"),
        CheckConstraint(one_of("side", EvaluatedBy), name="known_side"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    record_id: Mapped[int] = mapped_column(ForeignKey(ServiceRecord.id))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id))
    side: Mapped[str] = mapped_column(String(16))
    stars: Mapped[int]
    sealed_words: Mapped[str | None] = mapped_column(Text)
    evaluated_on: Mapped[date]
    due_on: Mapped[date]
    """Last day for recording it (民政部令第67号 art. 11)."""


SEALED_WORDS = sealed(ServiceEvaluation.sealed_words)
