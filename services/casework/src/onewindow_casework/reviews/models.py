"""Tables of reviews; what anybody wrote freely lies sealed in its column."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_casework.base import Base
from onewindow_casework.handling.models import CaseFile
from onewindow_shared.contracts.review_life import AppealGround, ReviewStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of

ONE_PER_HANDLING = "uq_reviews_case_id_handling"
COMMENT, ANSWER, FOLLOW_UP = (f"casework.reviews.{name}" for name in ("comment", "answer", "follow_up"))
NOTE = "casework.review_steps.note"
"""What each sealed text is bound to."""


class Review(AreaScoped, Base):
    """What an applicant thinks of one handling: one review each (一次一评), and what became of it."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("case_id", "handling", name=ONE_PER_HANDLING),
        Index("ix_reviews_district_rated_on", "district", "rated_on", "id"),
        Index("ix_reviews_street_rated_on", "street", "rated_on", "id"),
        Index("ix_reviews_community_rated_on", "community", "rated_on", "id"),
        Index("ix_reviews_district_department_id", "district", "department", "id"),
        Index("ix_reviews_due_on", "due_on"),
        CheckConstraint("level BETWEEN 1 AND 5", name="five_levels"),
        CheckConstraint("follow_up_level BETWEEN 1 AND 5", name="five_levels_again"),
        CheckConstraint(one_of("status", ReviewStatus), name="known_status"),
        CheckConstraint(f"ground IS NULL OR {one_of('ground', AppealGround)}", name="known_ground"),
        CheckConstraint("counted = (status <> 'excluded')", name="excluded_is_not_counted"),
        CheckConstraint(
            "(status = 'followed_up') = (follow_up_level IS NOT NULL)", name="followed_up_with_a_level"
        ),
        CheckConstraint("NOT overdue OR due_on IS NOT NULL", name="overdue_since_a_day"),
    )
    owner_column = "applicant_subject"
    department_column = "department"
    published_column = "counted"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey(CaseFile.id))
    handling: Mapped[int]
    """Which handling of the case: 1, and one more with each reopening."""
    case_no: Mapped[str] = mapped_column(String(26))
    applicant_subject: Mapped[str | None] = mapped_column(String(64))
    item_name: Mapped[str] = mapped_column(Text)
    item_code: Mapped[str] = mapped_column(String(64))
    department: Mapped[str] = mapped_column(String(64))
    officer: Mapped[str] = mapped_column(String(64))
    """Who handled it: the officer in charge at its end, or the first contact where it was decided at once."""
    level: Mapped[int]
    channel: Mapped[str] = mapped_column(String(16))
    anonymous: Mapped[bool]
    comment_sealed: Mapped[str | None] = mapped_column(Text)
    rated_at: Mapped[datetime]
    rated_on: Mapped[date] = mapped_column(Date)
    entered_by: Mapped[str] = mapped_column(String(64))
    """Account of the resident, or of the clerk who entered it with the resident present."""
    status: Mapped[str] = mapped_column(String(16))
    counted: Mapped[bool] = mapped_column(default=True)
    """In the figures: until it is excluded."""
    due_on: Mapped[date | None] = mapped_column(Date)
    """Last day of what is due now."""
    provisional: Mapped[bool] = mapped_column(default=False)
    overdue: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date] = mapped_column(Date)
    """Day from which `due_on` is counted."""
    contacted_in_time: Mapped[bool | None]
    """None while its reviewer was not called back."""
    answered_in_time: Mapped[bool | None]
    """Of the first answer; None while there was none."""
    scheduled_for: Mapped[date | None] = mapped_column(Date)
    ground: Mapped[str | None] = mapped_column(String(16))
    """Of the officer's appeal."""
    answered_by: Mapped[str | None] = mapped_column(String(64))
    """Who answered it last: somebody else audits that."""
    answer_sealed: Mapped[str | None] = mapped_column(Text)
    """What was told to the reviewer."""
    answered_at: Mapped[datetime | None]
    follow_up_level: Mapped[int | None]
    follow_up_sealed: Mapped[str | None] = mapped_column(Text)
    follow_up_at: Mapped[datetime | None]


class ReviewStep(Base):
    """Something that was done about a bad review, and whether it was done in time."""

    __tablename__ = "review_steps"
    __table_args__ = (Index("ix_review_steps_review_id", "review_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    review_id: Mapped[int] = mapped_column(ForeignKey(Review.id))
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(Text)
    note_sealed: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    late: Mapped[bool]


SEALED = [
    SealedColumn(Review, Review.comment_sealed, COMMENT),
    SealedColumn(Review, Review.answer_sealed, ANSWER),
    SealedColumn(Review, Review.follow_up_sealed, FOLLOW_UP),
    SealedColumn(ReviewStep, ReviewStep.note_sealed, NOTE),
]
