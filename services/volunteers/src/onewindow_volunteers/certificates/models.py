"""Tables of certificates; what stands on one lies sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_shared.contracts.service_certificates import Cause, ServiceCertificateStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of
from onewindow_volunteers.base import Base
from onewindow_volunteers.people.models import Volunteer, whose
from onewindow_volunteers.records.models import ServiceRecord

_IN_FORCE = text("status = 'issued'")


class ServiceCertificate(AreaScoped, Base):
    """A certificate as it was issued; only its status changes."""

    __tablename__ = "service_certificates"
    __table_args__ = (
        whose(),
        UniqueConstraint("certificate_no"),
        Index(
            "uq_service_certificates_edition",
            "volunteer_id",
            "edition",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index("ix_service_certificates_subject_id", "subject", "id"),
        Index("ix_service_certificates_community_id", "community", "id"),
        Index("ix_service_certificates_street_id", "street", "id"),
        Index("ix_service_certificates_district_id", "district", "id"),
        CheckConstraint(one_of("status", ServiceCertificateStatus), name="known_status"),
        CheckConstraint("(status = 'issued') = (ended_at IS NULL)", name="ends_once"),
        CheckConstraint("(status = 'replaced') = (replaced_by IS NOT NULL)", name="replaced_by_one"),
        CheckConstraint(one_of("cause", Cause), name="known_cause"),
        CheckConstraint("(status = 'revoked') = (cause IS NOT NULL)", name="revoked_for_a_cause"),
        CheckConstraint("minutes > 0", name="of_some_service"),
    )
    owner_column = "subject"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1)
    certificate_no: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    volunteer_id: Mapped[int] = mapped_column(BigKey)
    volunteer_no: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    holder_masked: Mapped[str] = mapped_column(String(50))
    first_on: Mapped[date]
    last_on: Mapped[date]
    minutes: Mapped[int]
    edition: Mapped[str] = mapped_column(String(64))
    """What it was written from; the same asked for again is the same certificate."""
    content_sealed: Mapped[str] = mapped_column(Text)
    """The sheet as it was issued."""
    signature: Mapped[str] = mapped_column(String(64))
    """Keyed, over number, figures and sheet: whoever writes into the database proves nothing by it."""
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None]
    cause: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    """What staff said who revoked it, until the holder is forgotten."""
    replaced_by: Mapped[str | None] = mapped_column(String(32))
    records: Mapped[list["CertifiedRecord"]] = relationship(order_by="CertifiedRecord.record_id")


class CertifiedRecord(Base):
    """A service record behind a certificate, with the minutes that it had then."""

    __tablename__ = "certified_records"
    __table_args__ = (Index("ix_certified_records_record_id", "record_id"),)

    certificate_id: Mapped[int] = mapped_column(
        ForeignKey(ServiceCertificate.id), primary_key=True, autoincrement=False
    )
    record_id: Mapped[int] = mapped_column(
        ForeignKey(ServiceRecord.id), primary_key=True, autoincrement=False
    )
    minutes: Mapped[int]


class CertificateSeries(Base):
    """The number of certificates that a volunteer was issued, by whichever community."""

    __tablename__ = "certificate_series"

    volunteer_id: Mapped[int] = mapped_column(ForeignKey(Volunteer.id), primary_key=True, autoincrement=False)
    last: Mapped[int]


CONTENT = "volunteers.service_certificates.content_sealed"
SEALED_CONTENT = SealedColumn(ServiceCertificate, ServiceCertificate.content_sealed, CONTENT)
