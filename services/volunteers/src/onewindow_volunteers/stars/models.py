"""Tables of stars, objections, honours and incentives."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.stars import HonourKind, StarStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer, sealed, whose

_LIVE = text("status <> 'refused'")
ONE_STAR, ONE_OBJECTION = "uq_stars_volunteer_level", "uq_star_objections_star_id_subject"


class Star(AreaScoped, Base):
    """A level that somebody applied for; everybody may read of it."""

    __tablename__ = "stars"
    __table_args__ = (
        whose(),
        Index(ONE_STAR, "volunteer_id", "level", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_stars_shown_id", "shown", "id"),
        Index("ix_stars_subject_id", "subject", "id"),
        CheckConstraint(one_of("status", StarStatus), name="known_status"),
        CheckConstraint("(status = 'publicised') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("shown = (status <> 'refused')", name="shown_unless_refused"),
    )
    owner_column = "subject"
    published_column = "shown"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    volunteer_id: Mapped[int] = mapped_column(BigKey)
    volunteer_no: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    holder_masked: Mapped[str] = mapped_column(String(50))
    level: Mapped[int]
    minutes: Mapped[int]
    wanted_minutes: Mapped[int]
    """What the level asked for then: other thresholds hold for those who apply later."""
    status: Mapped[str] = mapped_column(String(16))
    shown: Mapped[bool] = mapped_column(default=True)
    open_until: Mapped[date]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(500))


class StarObjection(Base):
    """What somebody has against a star; counted, and read by nobody but who decides."""

    __tablename__ = "star_objections"
    __table_args__ = (UniqueConstraint("star_id", "subject", name=ONE_OBJECTION),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    star_id: Mapped[int] = mapped_column(ForeignKey(Star.id))
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    sealed_statement: Mapped[str] = mapped_column(Text)


class Honour(Base):
    """An honour or an incentive; reached through the volunteer alone."""

    __tablename__ = "honours"
    __table_args__ = (
        Index("ix_honours_volunteer_id_id", "volunteer_id", "id"),
        CheckConstraint(one_of("kind", HonourKind), name="known_kind"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(100))
    given_by: Mapped[str] = mapped_column(String(100))
    given_on: Mapped[date]


SEALED_OBJECTION = sealed(StarObjection.sealed_statement)
