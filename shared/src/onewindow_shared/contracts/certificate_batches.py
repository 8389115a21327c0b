"""Certificates of service by the thousand: who is certified in one go, and what came of each."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from onewindow_shared.contracts.common import Contract, Moment
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.service_certificates import ServedIn, ServiceCertificateNo

MOST_VOLUNTEERS = 1000


class BatchStatus(StrEnum):
    """How far a batch is."""

    RUNNING = "running"
    DONE = "done"


class BatchOutcome(StrEnum):
    """What came of one volunteer in a batch."""

    WAITING = "waiting"
    CERTIFIED = "certified"
    """A certificate tells it: a new one, or the one in force that says the same."""
    NOT_AGREED_TO = "not_agreed_to"
    """The volunteer did not agree to having service certified, and can ask for it without staff."""
    NOTHING_TO_CERTIFY = "nothing_to_certify"
    TOO_MANY_RECORDS = "too_many_records"
    """More records than one certificate may tell: take a shorter time."""
    UNKNOWN = "unknown"
    """No volunteer of one's area has this number."""


def _each_once(numbers: list[str]) -> list[str]:
    if len(set(numbers)) < len(numbers):
        raise ValueError("a number stands here twice")
    return numbers


class CertificateBatchIn(ServedIn):
    """Which service of which volunteers is certified."""

    volunteer_nos: (
        Annotated[
            list[VolunteerNo], Field(min_length=1, max_length=MOST_VOLUNTEERS), AfterValidator(_each_once)
        ]
        | None
    ) = None
    """Everybody of one's area who has something to certify, unless given."""


class CertificateBatchOut(Contract):
    """A batch, and how far it is."""

    batch_no: int
    community: str
    status: BatchStatus
    total: int
    done: int
    """Volunteers that were looked at."""
    certified: int
    created_by: str
    created_at: Moment
    finished_at: Moment | None


class CertificateBatchRow(Contract):
    """What came of one volunteer."""

    volunteer_no: str
    outcome: BatchOutcome
    certificate_no: ServiceCertificateNo | None
