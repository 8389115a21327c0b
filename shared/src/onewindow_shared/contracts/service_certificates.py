"""Certificates of service: what was confirmed, frozen on the day of issue (民政部令第67号 arts. 14-17)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.common import (
    CommunityCode,
    Contract,
    Moment,
    ReadOff,
    Resource,
    StatedDay,
    Text,
    not_before,
)
from onewindow_shared.contracts.numbers import VolunteerNo

ServiceCertificateNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}-ZM[1-9][0-9]{0,4}$")]
"""Volunteer number, and which of the volunteer's certificates it is."""


class ServiceCertificateStatus(StrEnum):
    """Where a certificate stands; all but the first are ends."""

    ISSUED = "issued"
    REPLACED = "replaced"
    """A record behind it was corrected; another one tells what is right."""
    REVOKED = "revoked"


class Cause(StrEnum):
    """Why a certificate was revoked."""

    STAFF = "staff"
    """Staff took it back; `reason` has their words."""
    CORRECTED = "corrected"
    """Nothing is left of what it certified."""
    ERASED = "erased"
    """The holder wanted to be forgotten."""


class ServedIn(Contract):
    """Which service is certified: of one community, which recorded it, in a stretch of days."""

    community: CommunityCode
    """Where it was recorded: who records it certifies it (民发〔2015〕149号)."""
    first_on: StatedDay | None = None
    """First day of service; from the beginning unless given."""
    last_on: Annotated[StatedDay | None, not_before("first_on")] = None
    """Last day of service; until today unless given."""


class ServiceCertificateIn(ServedIn):
    """Somebody needs a certificate; it costs nothing."""

    volunteer_no: VolunteerNo | None = None
    """Whose, where staff ask for it; otherwise one's own."""


class ServiceCertificateRow(Contract):
    """A certificate in a list."""

    certificate_no: ServiceCertificateNo
    volunteer_no: VolunteerNo
    community: str
    status: ServiceCertificateStatus
    first_on: date
    """Day of the first service that it tells."""
    last_on: date
    minutes: int
    issued_at: Moment


class ServiceCertificateOut(Resource, ServiceCertificateRow):
    """A certificate; whom it is about is masked."""

    holder: str
    valid: bool
    """It was issued, and every record behind it still says the same: false while one of them is disputed."""
    reason: str | None
    """Why it was revoked."""
    replaced_by: str | None


class ServiceCertificateRevocationIn(Contract):
    """Why a certificate is taken back."""

    reason: Annotated[Text, Field(min_length=4, max_length=500)]


class ServiceCertificateProofIn(Contract):
    """Number and code as they stand on the paper."""

    certificate_no: ReadOff
    code: ReadOff


class ProvedServiceCertificate(Contract):
    """Whether a certificate is genuine and in force, and what has to stand on it."""

    certificate_no: ServiceCertificateNo
    issued_by: str
    issued_at: Moment
    holder: str
    """Masked."""
    first_on: date
    last_on: date
    minutes: int
    status: ServiceCertificateStatus
    valid: bool
    """False also while a record behind it is disputed."""
    replaced_by: str | None
