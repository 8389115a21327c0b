"""Proving to whoever was handed a certificate that it is genuine and in force."""

from sqlalchemy import select

from onewindow_casework.certificates.models import Certificate
from onewindow_casework.certificates.paper import code_of
from onewindow_shared.contracts.certificates import CertificateStatus, VerifiedCertificate
from onewindow_shared.contracts.numbers import matches
from onewindow_shared.plumbing.reference import area_name
from onewindow_shared.plumbing.unit import Unit


def look_up(unit: Unit, certificate_no: str, code: str) -> VerifiedCertificate | None:
    """Return the certificate, its holder masked; None if number and code are not of one that was issued."""
    found = unit.session.scalar(select(Certificate).where(Certificate.certificate_no == certificate_no))
    fits = matches(code, code_of(unit, certificate_no))
    if not fits or found is None or found.issued_at is None:
        return None
    return VerifiedCertificate(
        certificate_no=found.certificate_no,
        name=found.name,
        issued_by=area_name(unit.session, found.community),
        issued_at=found.issued_at,
        holder=found.holder_masked,
        status=CertificateStatus(found.status),
        valid=found.status == CertificateStatus.ISSUED,
        replaced_by=found.replaced_by,
    )
