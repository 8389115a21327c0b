"""Tables of two-way evaluation."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_casework.base import Base
from onewindow_shared.contracts.evaluations import RoundStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, Json, one_of

_LIVE = "status <> 'cancelled'"
_SIDES = "IN ('committee', 'counterpart')"
ONE_ROUND_A_YEAR = "uq_evaluation_rounds_district_year"
ONE_RATING_EACH = "uq_evaluation_ratings_pair_id_side"
ONE_APPRAISAL_A_DAY = "uq_evaluation_appraisals_pair_id_about_held_on"
ONE_APPEAL_EACH = "uq_evaluation_appeals_pair_id_side"


class EvaluationRound(Base):
    """A yearly round of a district; its terms are no secret."""

    __tablename__ = "evaluation_rounds"
    __table_args__ = (
        Index(
            ONE_ROUND_A_YEAR,
            *("district", "year"),
            unique=True,
            postgresql_where=text(_LIVE),
            sqlite_where=text(_LIVE),
        ),
        CheckConstraint(one_of("status", RoundStatus), name="known_status"),
        CheckConstraint("opens_on <= closes_on AND closes_on <= appeals_until", name="days_in_order"),
        CheckConstraint("residents_weight > 50 AND residents_weight < 100", name="residents_weigh_most"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(6))
    version: Mapped[int] = mapped_column(default=1)
    year: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16))
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    appeals_until: Mapped[date] = mapped_column(Date)
    residents_weight: Mapped[int]
    questions: Mapped[list[dict[str, Any]]]


class EvaluationPair(AreaScoped, Base):
    """A committee and a counterpart of a round; its result once the round is published."""

    __tablename__ = "evaluation_pairs"
    __table_args__ = (
        UniqueConstraint("round_id", "community", "counterpart"),
        Index("ix_evaluation_pairs_community_id", "community", "id"),
        Index("ix_evaluation_pairs_street_id", "street", "id"),
        Index("ix_evaluation_pairs_district_department_id", "district", "department", "id"),
        CheckConstraint("published OR committee_score IS NULL", name="committee_score_published"),
        CheckConstraint("published OR counterpart_score IS NULL", name="counterpart_score_published"),
    )
    department_column = "department"
    published_column = "published"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    round_id: Mapped[int] = mapped_column(ForeignKey(EvaluationRound.id))
    counterpart: Mapped[str] = mapped_column(String(64))
    department: Mapped[str | None] = mapped_column(String(64))
    """The counterpart where it is a department."""
    opened_on: Mapped[date | None] = mapped_column(Date)
    both_rated_on: Mapped[date | None] = mapped_column(Date)
    published: Mapped[bool] = mapped_column(default=False)
    committee_score: Mapped[int | None]
    counterpart_score: Mapped[int | None]
    missing: Mapped[list[str]]
    """What the result lacked when it was published."""
    round: Mapped[EvaluationRound] = relationship(lazy="joined")


class EvaluationRating(AreaScoped, Base):
    """What one side says of the other, once."""

    __tablename__ = "evaluation_ratings"
    __table_args__ = (
        UniqueConstraint("pair_id", "side", name=ONE_RATING_EACH),
        CheckConstraint(f"side {_SIDES}", name="known_side"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey(EvaluationPair.id))
    department: Mapped[str | None] = mapped_column(String(64))
    side: Mapped[str] = mapped_column(String(16))
    """Who rates."""
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    score: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The answers as they were, where an appeal corrected them."""
    rated_at: Mapped[datetime]
    rated_by: Mapped[str] = mapped_column(String(64))


class EvaluationAppraisal(AreaScoped, Base):
    """What residents said of one side in a democratic appraisal."""

    __tablename__ = "evaluation_appraisals"
    __table_args__ = (
        UniqueConstraint("pair_id", "about", "held_on", name=ONE_APPRAISAL_A_DAY),
        CheckConstraint(f"about {_SIDES}", name="known_side"),
        CheckConstraint("people > 0", name="somebody_took_part"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey(EvaluationPair.id))
    department: Mapped[str | None] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(16))
    held_on: Mapped[date] = mapped_column(Date)
    people: Mapped[int]
    awareness: Mapped[int]
    participation: Mapped[int]
    satisfaction: Mapped[int]
    method: Mapped[str] = mapped_column(Text)
    score: Mapped[int]
    entered_by: Mapped[str] = mapped_column(String(64))


class EvaluationAppeal(AreaScoped, Base):
    """A side contests what the other said; one each."""

    __tablename__ = "evaluation_appeals"
    __table_args__ = (
        UniqueConstraint("pair_id", "side", name=ONE_APPEAL_EACH),
        Index("ix_evaluation_appeals_district_id", "district", "id"),
        CheckConstraint("(upheld IS NULL) = (reasons IS NULL)", name="decided_with_reasons"),
    )
    department_column = "department"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey(EvaluationPair.id))
    department: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    side: Mapped[str] = mapped_column(String(16))
    """Who appeals."""
    reason: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime]
    upheld: Mapped[bool | None]
    reasons: Mapped[str | None] = mapped_column(Text)
