"""Tables of batches."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.contracts.certificate_batches import BatchOutcome, BatchStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base


class CertificateBatch(AreaScoped, Base):
    """What was asked for, and how far it is."""

    __tablename__ = "certificate_batches"
    __table_args__ = (
        Index("ix_certificate_batches_community_id", "community", "id"),
        Index("ix_certificate_batches_street_id", "street", "id"),
        Index("ix_certificate_batches_district_id", "district", "id"),
        CheckConstraint(one_of("status", BatchStatus), name="known_status"),
        CheckConstraint("done BETWEEN 0 AND total", name="within_total"),
        CheckConstraint("(status = 'done') = (finished_at IS NOT NULL)", name="done_once"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    status: Mapped[str] = mapped_column(String(16))
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    certified: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class BatchRow(Base):
    """One volunteer of a batch, in the order of their numbers."""

    __tablename__ = "certificate_batch_rows"
    __table_args__ = (
        CheckConstraint(one_of("outcome", BatchOutcome), name="known_outcome"),
        CheckConstraint("(outcome = 'certified') = (certificate_no IS NOT NULL)", name="certified_by_one"),
    )

    batch_id: Mapped[int] = mapped_column(
        ForeignKey(CertificateBatch.id), primary_key=True, autoincrement=False
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    volunteer_no: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(32))
    certificate_no: Mapped[str | None] = mapped_column(String(32))
