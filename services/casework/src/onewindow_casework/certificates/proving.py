"""Proving to whoever was handed a certificate that it is genuine and in force."""

from datetime import timedelta

from sqlalchemy import select

from onewindow_casework.certificates import queries
from onewindow_casework.certificates.models import Certificate
from onewindow_casework.certificates.paper import code_of
from onewindow_casework.settings import settings_of
from onewindow_shared.contracts.certificates import CertificateStatus, VerifiedCertificate, VerifyIn
from onewindow_shared.contracts.identity import half_width
from onewindow_shared.contracts.numbers import matches
from onewindow_shared.plumbing.problems import URN, RetryAfter
from onewindow_shared.plumbing.reference import area_name
from onewindow_shared.plumbing.unit import Unit


class TooManyCertificateCodes(RetryAfter):
    """Too many wrong codes were tried for this number; it can be verified again after a while."""

    type = URN + "too-many-certificate-codes"
    title = "Too many wrong codes"
    status = 429


def look_up(unit: Unit, body: VerifyIn) -> VerifiedCertificate | None:
    """Return the certificate, its holder masked; None if number and code are not of one that was issued."""
    typed = _typed(body)
    tried = queries.wrong_codes(unit, typed)
    if tried is not None and tried.failures >= settings_of(unit).certificate_tries and unit.now < tried.until:
        wait = int((tried.until - unit.now).total_seconds()) + 1
        raise TooManyCertificateCodes(detail="Please try again later.", retry_after=wait)
    found = unit.session.scalar(select(Certificate).where(Certificate.certificate_no == typed))
    fits = matches(body.code, code_of(unit, typed))
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


def count_wrong_code(unit: Unit, body: VerifyIn) -> None:
    """Remember that a wrong code was tried, whether or not the number was ever given out."""
    window = timedelta(minutes=settings_of(unit).certificate_tries_minutes)
    queries.count_wrong_code(unit, _typed(body), unit.now + window)


def _typed(body: VerifyIn) -> str:
    return str(half_width(body.certificate_no)).replace("-", "")[:64]
