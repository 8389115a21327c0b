"""Tables of the time bank. Postings and their entries never change: the database refuses it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_shared.contracts.timebank import TimeMovement
from onewindow_shared.plumbing.ledger import Books
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import whose
from onewindow_volunteers.records.models import ServiceRecord

ONE_TIME_ACCOUNT = "pk_time_accounts"


class TimeAccount(AreaScoped, Base):
    """An account: a volunteer's and a community's keep a balance, the source of all credit does not.

    A volunteer's falls below zero only by a correction of what was spent already.
    """

    __tablename__ = "time_accounts"
    __table_args__ = (
        whose(),
        Index("ix_time_accounts_volunteer_id", "volunteer_id"),
        Index("ix_time_accounts_subject", "subject"),
        CheckConstraint("(volunteer_id IS NULL) = (subject IS NULL)", name="whole_owner"),
        CheckConstraint("volunteer_id IS NULL OR balance IS NOT NULL", name="balance_of_people"),
    )
    owner_column = "subject"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    volunteer_id: Mapped[int | None] = mapped_column(BigKey)
    subject: Mapped[str | None] = mapped_column(String(64))
    balance: Mapped[int | None] = mapped_column(BigKey)
    opened_at: Mapped[datetime]


class TimePosting(Base):
    """One balanced movement of credit."""

    __tablename__ = "time_postings"
    __table_args__ = (
        Index("ix_time_postings_record_id", "record_id"),
        CheckConstraint(one_of("movement", TimeMovement), name="known_movement"),
        CheckConstraint("minutes > 0", name="something"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    movement: Mapped[str] = mapped_column(String(16))
    minutes: Mapped[int]
    record_id: Mapped[int | None] = mapped_column(ForeignKey(ServiceRecord.id))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    """Number of the volunteer, or the system: accounts can be erased, this not."""


class TimeEntry(Base):
    """What a posting does to one account."""

    __tablename__ = "time_entries"
    __table_args__ = (
        Index("ix_time_entries_account_posting_id", "account", "posting_id"),
        CheckConstraint("minutes <> 0", name="something"),
    )

    posting_id: Mapped[int] = mapped_column(ForeignKey(TimePosting.id), primary_key=True, autoincrement=False)
    account: Mapped[str] = mapped_column(ForeignKey(TimeAccount.code), primary_key=True)
    minutes: Mapped[int]
    posting: Mapped[TimePosting] = relationship()


BOOKS = Books(
    TimeAccount.code,
    TimeAccount.balance,
    TimePosting.id,
    TimeEntry.account,
    TimeEntry.posting_id,
    TimeEntry.minutes,
)
