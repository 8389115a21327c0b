"""Tables of attendance and service records; what counts is a ledger that is only ever added to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.records import RecordStatus, StatementKind
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.activities.models import Activity, Shift, Signup
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer, whose

ONE_RECORD = "uq_service_records_signup_id"


class ServiceRecord(AreaScoped, Base):
    """What somebody gave in one shift, or for a resident's need."""

    __tablename__ = "service_records"
    __table_args__ = (
        whose(),
        UniqueConstraint("signup_id", name=ONE_RECORD),
        Index("ix_service_records_subject_id", "subject", "id"),
        Index("ix_service_records_shift_id_id", "shift_id", "id"),
        Index("ix_service_records_volunteer_id_day", "volunteer_id", "day"),
        Index("ix_service_records_community_status_id", "community", "status", "id"),
        Index("ix_service_records_street_status_id", "street", "status", "id"),
        Index("ix_service_records_district_status_id", "district", "status", "id"),
        CheckConstraint(one_of("status", RecordStatus), name="known_status"),
        CheckConstraint(
            "CASE status WHEN 'checked_in' THEN left_at IS NULL WHEN 'disputed' THEN TRUE"
            " ELSE left_at IS NOT NULL END",
            name="leaves_once",
        ),
        CheckConstraint("(left_at IS NULL) = (minutes IS NULL)", name="minutes_when_left"),
        CheckConstraint(
            "(signup_id IS NULL) = (activity_id IS NULL) AND (signup_id IS NULL) = (shift_id IS NULL)",
            name="of_a_shift_or_a_need",
        ),
    )
    owner_column = "subject"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    signup_id: Mapped[int | None] = mapped_column(ForeignKey(Signup.id))
    """None where a resident's need was met instead."""
    activity_id: Mapped[int | None] = mapped_column(ForeignKey(Activity.id))
    shift_id: Mapped[int | None] = mapped_column(ForeignKey(Shift.id))
    volunteer_id: Mapped[int] = mapped_column(BigKey)
    volunteer_no: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    activity: Mapped[str] = mapped_column(String(100))
    """Title, as it was then."""
    organisation: Mapped[str] = mapped_column(String(100))
    in_charge: Mapped[str | None] = mapped_column(String(50))
    content: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(String(200))
    day: Mapped[date]
    status: Mapped[str] = mapped_column(String(16))
    came_at: Mapped[datetime]
    came_proof: Mapped[str] = mapped_column(String(16))
    came_told_at: Mapped[datetime]
    """When the service heard of it."""
    left_at: Mapped[datetime | None]
    left_proof: Mapped[str | None] = mapped_column(String(16))
    left_told_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    elsewhere_minutes: Mapped[int] = mapped_column(default=0)
    """Minutes of its time that another record counts."""
    claimed_minutes: Mapped[int | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(64))
    confirmed_on: Mapped[date | None]
    late_minutes: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date]
    """Last day for recording (民政部令第67号 art. 11)."""


class Statement(Base):
    """What one side, or the ruling, says in a dispute; reached through the record alone."""

    __tablename__ = "record_statements"
    __table_args__ = (
        Index("ix_record_statements_record_id_id", "record_id", "id"),
        Index("ix_record_statements_volunteer_id_id", "volunteer_id", "id"),
        CheckConstraint(one_of("kind", StatementKind), name="known_kind"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    record_id: Mapped[int] = mapped_column(ForeignKey(ServiceRecord.id))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    """Account of the officer, or the number of the volunteer: no account of theirs is kept for good."""
    minutes: Mapped[int | None]
    sealed_text: Mapped[str | None] = mapped_column(Text)


class CountedSpan(Base):
    """A stretch of time that a record counts: the database lets no other record of the person count it too.

    On SQLite a trigger does what the constraint does on PostgreSQL.
    """

    __tablename__ = "counted_spans"
    __table_args__ = (
        Index("ix_counted_spans_volunteer_id_starts_at", "volunteer_id", "starts_at"),
        Index("ix_counted_spans_record_id", "record_id"),
        CheckConstraint("ends_at > starts_at", name="a_time"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    record_id: Mapped[int] = mapped_column(ForeignKey(ServiceRecord.id))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class HourEntry(Base):
    """Minutes that came to count, or no longer do; the database lets nobody change one."""

    __tablename__ = "hour_entries"
    __table_args__ = (
        Index("ix_hour_entries_volunteer_id", "volunteer_id"),
        Index("ix_hour_entries_record_id", "record_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id))
    record_id: Mapped[int] = mapped_column(ForeignKey(ServiceRecord.id))
    minutes: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    """Account of the officer, or the number of the volunteer who disputes: no account is kept for good."""
    why: Mapped[str] = mapped_column(String(16))


EVIDENCE = "volunteers.service_records.sealed_evidence"
"""What is said stays bound to the column that it was first kept in."""
SEALED_EVIDENCE = SealedColumn(Statement, Statement.sealed_text, EVIDENCE)
