"""Tables of activities, shifts and sign-ups; some of the rules are constraints of the database itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_shared.contracts.activities import ActivityStatus, SignupStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer, whose

_OPEN = text("status IN ('placed', 'offered', 'waiting')")
ONCE_A_SHIFT, ONE_PLACE_AT_A_TIME = "uq_signups_shift_volunteer", "pk_busy_quarters"


class Activity(AreaScoped, Base):
    """Something that volunteers are called to; everybody may read it once it is published."""

    __tablename__ = "activities"
    __table_args__ = (
        Index("ix_activities_community_id", "community", "id"),
        Index("ix_activities_street_id", "street", "id"),
        Index("ix_activities_district_id", "district", "id"),
        Index("ix_activities_published_id", "published", "id"),
        CheckConstraint(one_of("status", ActivityStatus), name="known_status"),
        CheckConstraint("published = (status <> 'draft')", name="published_unless_draft"),
        CheckConstraint("takes_place = (status <> 'cancelled')", name="takes_place_unless_cancelled"),
        UniqueConstraint("id", "takes_place"),
        CheckConstraint(
            "status = 'draft' OR (content IS NOT NULL AND place IS NOT NULL AND contact IS NOT NULL"
            " AND risks IS NOT NULL AND conditions IS NOT NULL)",
            name="told_in_full",
        ),
        CheckConstraint(
            "status = 'draft' OR NOT hazardous OR (insurance IS NOT NULL AND minors = 'not_admitted')",
            name="hazards_are_insured",
        ),
    )
    published_column = "published"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(16))
    published: Mapped[bool] = mapped_column(default=False)
    takes_place: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(32))
    organisation: Mapped[str] = mapped_column(String(100))
    organisation_id: Mapped[int | None] = mapped_column(BigKey)
    leader: Mapped[str] = mapped_column(String(64))
    """Account of whoever is in charge."""
    in_charge: Mapped[str | None] = mapped_column(String(50))
    """Their name, as it is announced and recorded (民政部令第67号 art. 7)."""
    content: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(String(200))
    contact: Mapped[str | None] = mapped_column(String(200))
    risks: Mapped[str | None] = mapped_column(Text)
    conditions: Mapped[str | None] = mapped_column(Text)
    hazardous: Mapped[bool]
    insurance: Mapped[dict[str, Any] | None]
    skill: Mapped[str | None] = mapped_column(String(50))
    minors: Mapped[str] = mapped_column(String(16))
    called_off: Mapped[str | None] = mapped_column(Text)
    shifts: Mapped[list["Shift"]] = relationship(order_by="Shift.starts_at", cascade="all, delete-orphan")


class Shift(Base):
    """A time at which an activity takes place."""

    __tablename__ = "shifts"
    __table_args__ = (
        Index("ix_shifts_activity_id", "activity_id"),
        CheckConstraint("ends_at > starts_at", name="a_time"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    roles: Mapped[list["ShiftRole"]] = relationship(order_by="ShiftRole.id", cascade="all, delete-orphan")


class ShiftRole(Base):
    """A role of a shift. `taken` counts places that are given or offered; the database caps it."""

    __tablename__ = "shift_roles"
    __table_args__ = (
        UniqueConstraint("shift_id", "name"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="within_capacity"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey(Shift.id))
    name: Mapped[str] = mapped_column(String(50))
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class Signup(AreaScoped, Base):
    """Somebody's place, or place in the line, in a role of a shift."""

    __tablename__ = "signups"
    __table_args__ = (
        whose(),
        Index(
            ONCE_A_SHIFT,
            "shift_id",
            "volunteer_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_signups_activity_id_id", "activity_id", "id"),
        Index("ix_signups_subject_id", "subject", "id"),
        Index("ix_signups_volunteer_id_id", "volunteer_id", "id"),
        Index("ix_signups_shift_id_id", "shift_id", "id"),
        CheckConstraint(one_of("status", SignupStatus), name="known_status"),
        CheckConstraint("(status = 'offered') = (offered_until IS NOT NULL)", name="offers_end"),
        ForeignKeyConstraint(
            ["activity_id", "takes_place"], [Activity.id, Activity.takes_place], onupdate="CASCADE"
        ),
        CheckConstraint(
            "takes_place OR status NOT IN ('placed', 'offered', 'waiting')", name="in_what_takes_place"
        ),
    )
    owner_column = "subject"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    activity_id: Mapped[int] = mapped_column(BigKey)
    takes_place: Mapped[bool] = mapped_column(default=True)
    """False once the activity was called off: the database changes it with the activity."""
    shift_id: Mapped[int] = mapped_column(ForeignKey(Shift.id))
    role_id: Mapped[int] = mapped_column(ForeignKey(ShiftRole.id))
    volunteer_id: Mapped[int] = mapped_column(BigKey)
    volunteer_no: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    status_since: Mapped[datetime]
    offered_until: Mapped[datetime | None]
    overlap_minutes: Mapped[int] = mapped_column(default=0)
    override: Mapped[str | None] = mapped_column(String(500))
    """Why the organiser let it overlap."""
    accompanied: Mapped[bool] = mapped_column(default=False)
    """A minor comes with a grown-up."""
    missed: Mapped[str | None] = mapped_column(String(16))
    """Why somebody with a place was not there."""


class Waiting(Base):
    """A place in the line of a role, in the order of the sign-ups; it says nothing of who waits."""

    __tablename__ = "waiting"

    role_id: Mapped[int] = mapped_column(ForeignKey(ShiftRole.id), primary_key=True, autoincrement=False)
    signup_id: Mapped[int] = mapped_column(ForeignKey(Signup.id), primary_key=True, autoincrement=False)


class BusyQuarter(Base):
    """A quarter of an hour for which somebody is placed: its key lets nobody be in two places at once."""

    __tablename__ = "busy_quarters"
    __table_args__ = (Index("ix_busy_quarters_signup_id", "signup_id"),)

    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id), primary_key=True, autoincrement=False)
    quarter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Quarters of an hour since 1970-01-01T00:00Z."""
    signup_id: Mapped[int] = mapped_column(ForeignKey(Signup.id))


class Notice(AreaScoped, Base):
    """Something that one person has to be told about their place, or about a need, once."""

    __tablename__ = "activity_notices"
    __table_args__ = (
        whose(),
        UniqueConstraint("signup_id", "kind"),
        UniqueConstraint("need_id", "volunteer_id", "kind"),
        Index("ix_activity_notices_subject_id", "subject", "id"),
        Index("ix_activity_notices_volunteer_id", "volunteer_id"),
        CheckConstraint(
            "(signup_id IS NULL) = (activity_id IS NULL) AND (signup_id IS NULL) <> (need_id IS NULL)",
            name="of_a_place_or_a_need",
        ),
    )
    owner_column = "subject"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(String(64))
    volunteer_id: Mapped[int] = mapped_column(BigKey)
    signup_id: Mapped[int | None] = mapped_column(ForeignKey(Signup.id))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey(Activity.id))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("needs.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
