"""The table of suspensions; what was said lies sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.volunteer_life import AppealOutcome
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import sealed, whose

_LASTS = text("ended_at IS NULL")
ONE_SUSPENSION = "uq_suspensions_person_index"


class Suspension(AreaScoped, Base):
    """A volunteer is kept from serving, for a reason, until it is lifted; they may appeal once.

    It lasts for the person: `volunteer_id` is the registration that they have now, or had last.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        whose(),
        Index("ix_suspensions_volunteer_id_id", "volunteer_id", "id"),
        Index(
            ONE_SUSPENSION,
            "person_index",
            unique=True,
            sqlite_where=_LASTS,
            postgresql_where=_LASTS,
        ),
        CheckConstraint(one_of("outcome", AppealOutcome), name="known_outcome"),
        CheckConstraint("(ruled_at IS NULL) = (outcome IS NULL)", name="ruled_with_an_outcome"),
        CheckConstraint("ruled_at IS NULL OR appealed_at IS NOT NULL", name="ruled_on_an_appeal"),
    )
    owner_column = "subject"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    volunteer_id: Mapped[int] = mapped_column(BigKey)
    volunteer_no: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    person_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the person, whom it follows while it lasts, beyond the erasure of everything else."""
    since: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    sealed_reason: Mapped[str | None] = mapped_column(Text)
    appealed_at: Mapped[datetime | None]
    sealed_appeal: Mapped[str | None] = mapped_column(Text)
    ruled_at: Mapped[datetime | None]
    ruled_by: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[str | None] = mapped_column(String(16))
    sealed_ruling: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]


SEALED_SUSPENSIONS = [
    sealed(column)
    for column in (Suspension.sealed_reason, Suspension.sealed_appeal, Suspension.sealed_ruling)
]
