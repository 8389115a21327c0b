"""Statements on batches, and showing them."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.certificate_batches import (
    BatchOutcome,
    BatchStatus,
    CertificateBatchOut,
    CertificateBatchRow,
)
from onewindow_shared.contracts.records import RecordStatus
from onewindow_shared.contracts.service_certificates import ServiceCertificateStatus
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.batches.models import BatchRow, CertificateBatch
from onewindow_volunteers.certificates.models import ServiceCertificate
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.records.models import ServiceRecord

VOLUNTEERS = table_of(Volunteer)
NEWEST_FIRST = Keyset([CertificateBatch.id], newest_first=True)
IN_ORDER = Keyset([BatchRow.place])


def of(session: Session, batch_no: int, *, to_go_on: bool = False) -> CertificateBatch:
    """Return a batch within reach, kept from other writers if it is to go on; raises `NotFound`."""
    query = select(CertificateBatch).where(CertificateBatch.id == batch_no)
    return must_find(session, query.with_for_update() if to_go_on else query)


def every() -> Select[CertificateBatch]:
    """Select all batches."""
    return select(CertificateBatch)


def known(session: Session, numbers: Collection[str]) -> set[str]:
    """Return which of these numbers belong to volunteers within reach, or to who served within it."""
    live = select(Volunteer.volunteer_no).where(Volunteer.volunteer_no.in_(numbers))
    here = session.scalars(live.where(Volunteer.erased_at.is_(None)))
    served = _of_the_living().where(ServiceRecord.volunteer_no.in_(numbers))
    return {*here, *session.scalars(served)}


def _of_the_living() -> Select[str]:
    """Select the numbers in records within reach of whoever was not erased, wherever they live."""
    query = select(ServiceRecord.volunteer_no).join(VOLUNTEERS, VOLUNTEERS.c.id == ServiceRecord.volunteer_id)
    return query.where(VOLUNTEERS.c.erased_at.is_(None)).distinct()


def servants(unit: Unit, community: str, first_on: date | None, last_on: date | None, most: int) -> list[str]:
    """Return the numbers of whoever has something to be certified, wherever they live, in order."""
    those = [
        within(ServiceRecord, unit.gathered(community)),
        ServiceRecord.status == RecordStatus.CONFIRMED,
        ServiceRecord.minutes > 0,
        *([ServiceRecord.day >= first_on] if first_on else []),
        *([ServiceRecord.day <= last_on] if last_on else []),
    ]
    query = _of_the_living().where(*those)
    return list(unit.session.scalars(query.order_by(ServiceRecord.volunteer_no).limit(most)))


def following(session: Session, batch: CertificateBatch, most: int) -> Sequence[BatchRow]:
    """Return the rows of a batch that come next."""
    query = select(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.place >= batch.done)
    return session.scalars(query.order_by(BatchRow.place).limit(most)).all()


def rows(batch: CertificateBatch) -> Select[BatchRow]:
    """Select what came of each volunteer of a batch."""
    return select(BatchRow).where(BatchRow.batch_id == batch.id)


def in_force(
    session: Session, batch: CertificateBatch, after: int, most: int
) -> Sequence[tuple[int, ServiceCertificate]]:
    """Return certificates of a batch that are in force, each with its place in it, the next after one.

    Of whoever had their data erased no copy can be printed.
    """
    query = (
        select(BatchRow.place, ServiceCertificate)
        .join(ServiceCertificate, ServiceCertificate.certificate_no == BatchRow.certificate_no)
        .join(VOLUNTEERS, VOLUNTEERS.c.id == ServiceCertificate.volunteer_id)
        .where(
            VOLUNTEERS.c.erased_at.is_(None),
            BatchRow.batch_id == batch.id,
            BatchRow.place > after,
            ServiceCertificate.status == ServiceCertificateStatus.ISSUED,
        )
    )
    return [(place, one) for place, one in session.execute(query.order_by(BatchRow.place).limit(most))]


def shown(batch: CertificateBatch) -> CertificateBatchOut:
    """Show a batch."""
    return CertificateBatchOut(
        batch_no=batch.id,
        community=batch.community,
        status=BatchStatus(batch.status),
        total=batch.total,
        done=batch.done,
        certified=batch.certified,
        created_by=batch.created_by,
        created_at=batch.created_at,
        finished_at=batch.finished_at,
    )


def row_of(row: BatchRow) -> CertificateBatchRow:
    """Show what came of a volunteer."""
    return CertificateBatchRow(
        volunteer_no=row.volunteer_no,
        outcome=BatchOutcome(row.outcome),
        certificate_no=row.certificate_no,
    )
