"""Tables of certificates; whom one is about and what it tells lies sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onewindow_casework.base import Base
from onewindow_shared.contracts.certificates import CertificateStatus
from onewindow_shared.plumbing.scope import AreaScoped
from onewindow_shared.plumbing.sealed import SealedColumn
from onewindow_shared.plumbing.tables import BigKey, one_of

PARTICULARS = "casework.certificate.particulars"
FINDING = "casework.certificate.finding"
CONTENT = "casework.certificate.content"
HOLDER = "casework.certificate.holder"
"""What the blind index of a holder's document is bound to."""
ONE_REPLACEMENT = "uq_certificates_replaces"


class Certificate(AreaScoped, Base):
    """A certificate from the application to its end."""

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("certificate_no"),
        UniqueConstraint("replaces", name=ONE_REPLACEMENT),
        Index("ix_certificates_community_id", "community", "id"),
        Index("ix_certificates_street_id", "street", "id"),
        Index("ix_certificates_district_id", "district", "id"),
        Index("ix_certificates_applicant_subject_id", "applicant_subject", "id"),
        Index("ix_certificates_holder_index", "holder_index"),
        CheckConstraint(one_of("status", CertificateStatus), name="known_status"),
        CheckConstraint(
            "status NOT IN ('issued', 'revoked', 'replaced') OR issued_at IS NOT NULL", name="issued_when"
        ),
        CheckConstraint(
            "issued_at IS NULL OR (content_sealed IS NOT NULL AND signed_by_name IS NOT NULL)",
            name="issued_whole",
        ),
        CheckConstraint(
            "status <> 'refused' OR (reason IS NOT NULL AND basis IS NOT NULL)", name="refused_with_basis"
        ),
        CheckConstraint("fee_fen = 0", name="free_of_charge"),
    )
    owner_column = "applicant_subject"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    certificate_no: Mapped[str] = mapped_column(String(26))
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    """Of the certificate, as the list had it that day."""
    applicant_subject: Mapped[str | None] = mapped_column(String(64))
    holder_masked: Mapped[str] = mapped_column(String(50))
    holder_id_masked: Mapped[str] = mapped_column(String(20))
    holder_index: Mapped[str] = mapped_column(String(64))
    particulars_sealed: Mapped[str] = mapped_column(Text)
    content_sealed: Mapped[str | None] = mapped_column(Text)
    """The sheet as it was issued."""
    complex: Mapped[bool]
    fee_fen: Mapped[int] = mapped_column(default=0)
    applied_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date)
    provisional: Mapped[bool]
    issued_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(String(64))
    signed_by_name: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    """When it was refused, withdrawn, revoked or replaced."""
    reason: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    instead: Mapped[str | None] = mapped_column(Text)
    replaces: Mapped[str | None] = mapped_column(String(26))
    replaced_by: Mapped[str | None] = mapped_column(String(26))
    facts: Mapped[list["CertificateFact"]] = relationship(order_by="CertificateFact.id", lazy="selectin")


class CertificateFact(Base):
    """A fact that was verified for a certificate; what was found lies sealed."""

    __tablename__ = "certificate_facts"
    __table_args__ = (Index("ix_certificate_facts_certificate_id", "certificate_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id))
    source: Mapped[str] = mapped_column(String(16))
    finding_sealed: Mapped[str] = mapped_column(Text)
    verified_by: Mapped[str] = mapped_column(String(64))
    verified_by_name: Mapped[str] = mapped_column(Text)
    verified_at: Mapped[datetime]


class CertificateSerial(Base):
    """The next serial of a community's day."""

    __tablename__ = "certificate_serials"

    community: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    next: Mapped[int]


SEALED = [
    SealedColumn(Certificate, Certificate.particulars_sealed, PARTICULARS),
    SealedColumn(Certificate, Certificate.content_sealed, CONTENT),
    SealedColumn(CertificateFact, CertificateFact.finding_sealed, FINDING),
]
