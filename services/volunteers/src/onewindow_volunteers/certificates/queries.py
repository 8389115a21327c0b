"""Statements on certificates, and showing them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.records import RecordStatus
from onewindow_shared.contracts.service_certificates import (
    Cause,
    ServiceCertificateOut,
    ServiceCertificateRow,
    ServiceCertificateStatus,
)
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.bulk import count_on
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.certificates.models import CertificateSeries, CertifiedRecord, ServiceCertificate
from onewindow_volunteers.certificates.rules import MOST_RECORDS, REASONS, Behind, Fate, Served, fate
from onewindow_volunteers.records.models import ServiceRecord

NEWEST_FIRST = Keyset([ServiceCertificate.id], newest_first=True)


def by_number(session: Session, certificate_no: str) -> ServiceCertificate | None:
    """Return a certificate, if there is one of this number."""
    query = select(ServiceCertificate).where(ServiceCertificate.certificate_no == certificate_no)
    return session.scalar(query)


def of(session: Session, certificate_no: str, *, to_move: bool = False) -> ServiceCertificate:
    """Return a certificate within reach, kept from other writers if it is to be moved."""
    query = select(ServiceCertificate).where(ServiceCertificate.certificate_no == certificate_no)
    return must_find(session, query.with_for_update() if to_move else query)


def several(unit: Unit, wanted: Wanted) -> Page[ServiceCertificateRow]:
    """Return a page of the certificates within reach, newest first."""
    query = select(ServiceCertificate)
    return page(unit, query, NEWEST_FIRST, wanted, bound="service certificates", show=row)


def next_of(unit: Unit, volunteer_id: int) -> int:
    """Return which certificate of a volunteer the next one is."""
    return count_on(unit.session, CertificateSeries.last, {"volunteer_id": volunteer_id}, start=0)


def served(
    unit: Unit, volunteer_id: int, community: str, first_on: date | None, last_on: date | None
) -> list[Served]:
    """Return what a community has confirmed of a volunteer in a time, one more than may be certified."""
    those = [
        ServiceRecord.volunteer_id == volunteer_id,
        within(ServiceRecord, unit.gathered(community)),
        *([ServiceRecord.day >= first_on] if first_on else []),
        *([ServiceRecord.day <= last_on] if last_on else []),
    ]
    return _served(unit.session, *those)


def served_in(unit: Unit, volunteer_id: int, community: str) -> bool:
    """Say whether there is any record of a volunteer in a community."""
    here = (ServiceRecord.volunteer_id == volunteer_id, within(ServiceRecord, unit.gathered(community)))
    return unit.session.scalar(select(ServiceRecord.id).where(*here).limit(1)) is not None


def still_served(session: Session, certificate: ServiceCertificate) -> list[Served]:
    """Return what is left of the records behind a certificate."""
    behind = select(CertifiedRecord.record_id).where(CertifiedRecord.certificate_id == certificate.id)
    return _served(session, ServiceRecord.id.in_(behind))


def _served(session: Session, *within: Any) -> list[Served]:
    query = (
        select(
            ServiceRecord.id,
            ServiceRecord.activity_id,
            ServiceRecord.activity,
            ServiceRecord.content,
            ServiceRecord.organisation,
            ServiceRecord.day,
            ServiceRecord.minutes,
        )
        .where(*within, ServiceRecord.status == RecordStatus.CONFIRMED, ServiceRecord.minutes > 0)
        .order_by(ServiceRecord.id)
        .limit(MOST_RECORDS + 1)
    )
    return [
        Served(record, activity or 0, title, content or "", organisation, day, minutes or 0)
        for record, activity, title, content, organisation, day, minutes in session.execute(query)
    ]


def in_force(session: Session, volunteer_id: int, edition: str) -> ServiceCertificate | None:
    """Return the certificate in force that says exactly this."""
    return session.scalar(
        select(ServiceCertificate).where(
            ServiceCertificate.volunteer_id == volunteer_id,
            ServiceCertificate.edition == edition,
            ServiceCertificate.status == ServiceCertificateStatus.ISSUED,
        )
    )


def was_taken_back(session: Session, volunteer_id: int, edition: str) -> bool:
    """Say whether staff revoked a certificate that said the same."""
    query = select(ServiceCertificate.id).where(
        ServiceCertificate.volunteer_id == volunteer_id,
        ServiceCertificate.edition == edition,
        ServiceCertificate.cause == Cause.STAFF,
    )
    return session.scalar(query.limit(1)) is not None


def in_force_over(session: Session, record_id: int) -> Sequence[ServiceCertificate]:
    """Return the certificates in force that tell a record, kept from other writers."""
    telling = select(CertifiedRecord.certificate_id).where(CertifiedRecord.record_id == record_id)
    query = select(ServiceCertificate).where(
        ServiceCertificate.id.in_(telling), ServiceCertificate.status == ServiceCertificateStatus.ISSUED
    )
    return session.scalars(query.order_by(ServiceCertificate.id).with_for_update()).all()


def fate_of(session: Session, certificate: ServiceCertificate) -> Fate:
    """Say how the records behind a certificate stand now."""
    query = (
        select(CertifiedRecord.minutes, ServiceRecord.status, ServiceRecord.minutes)
        .join(ServiceRecord, ServiceRecord.id == CertifiedRecord.record_id)
        .where(CertifiedRecord.certificate_id == certificate.id)
    )
    found = session.execute(query)
    return fate([Behind(then, RecordStatus(status), now or 0) for then, status, now in found])


def valid(session: Session, certificate: ServiceCertificate) -> bool:
    """Say whether a certificate proves anything now."""
    issued = certificate.status == ServiceCertificateStatus.ISSUED
    return issued and fate_of(session, certificate) is Fate.STANDS


def row(one: ServiceCertificate) -> ServiceCertificateRow:
    """Show a certificate in a list."""
    return ServiceCertificateRow(
        certificate_no=one.certificate_no,
        volunteer_no=one.volunteer_no,
        community=one.community,
        status=ServiceCertificateStatus(one.status),
        first_on=one.first_on,
        last_on=one.last_on,
        minutes=one.minutes,
        issued_at=one.issued_at,
    )


def shown(session: Session, one: ServiceCertificate) -> ServiceCertificateOut:
    """Show a certificate, its holder masked."""
    return ServiceCertificateOut(
        **row(one).model_dump(),
        version=one.version,
        holder=one.holder_masked,
        valid=valid(session, one),
        reason=REASONS.get(Cause(one.cause), one.reason) if one.cause else None,
        replaced_by=one.replaced_by,
    )
