"""Use cases of batches: numbers become rows, rows certificates in slices.

A slice and how far it got are one transaction, so that a crash loses nothing and does nothing twice.
"""

from collections.abc import Sequence
from datetime import datetime

from onewindow_shared.contracts.certificate_batches import (
    MOST_VOLUNTEERS,
    BatchOutcome,
    BatchStatus,
    CertificateBatchIn,
    CertificateBatchOut,
    CertificateBatchRow,
)
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.papers import Sheet
from onewindow_shared.contracts.volunteers import Purpose
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import NotFound, NotPermitted, invalid
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.batches import queries, rules
from onewindow_volunteers.batches.models import BatchRow, CertificateBatch
from onewindow_volunteers.certificates.problems import NothingToCertify
from onewindow_volunteers.certificates.queries import served as served_by
from onewindow_volunteers.certificates.service import certify, print_out, taken_back
from onewindow_volunteers.people.queries import agreed_to, volunteer_to_change

ENTITY = "certificate_batch"
NEXT_SLICE = "certificates.batch"
AT_ONCE = 25
"""Certificates in a slice: few enough that nobody waits for the writer."""


def begin(unit: Unit, form: CertificateBatchIn) -> CertificateBatchOut:
    """Keep whom a batch is about, and set out to certify them."""
    known_community(unit, form.community)
    if not unit.actor.scope.covers(form.community):
        raise NotPermitted(detail="This community lies outside your area.")
    rows = _named(unit, form.volunteer_nos) if form.volunteer_nos else _everybody(unit, form)
    batch = CertificateBatch(
        **place(form.community),
        status=BatchStatus.RUNNING,
        first_on=form.first_on,
        last_on=form.last_on,
        total=len(rows),
        created_by=unit.actor.subject,
        created_at=unit.now,
    )
    unit.session.add(batch)
    unit.session.flush()
    for n, row in enumerate(rows):
        row.batch_id, row.place = batch.id, n
    unit.session.add_all(rows)
    _audit(unit, batch, "begun")
    unit.set_timer(NEXT_SLICE, str(batch.id), unit.now)
    return queries.shown(batch)


def _named(unit: Unit, numbers: Sequence[str]) -> list[BatchRow]:
    known = queries.known(unit.session, numbers)
    return [
        BatchRow(volunteer_no=no, outcome=BatchOutcome.WAITING if no in known else BatchOutcome.UNKNOWN)
        for no in sorted(numbers)
    ]


def _everybody(unit: Unit, form: CertificateBatchIn) -> list[BatchRow]:
    most = MOST_VOLUNTEERS + 1
    found = queries.servants(unit, form.community, form.first_on, form.last_on, most)
    if not found:
        raise NothingToCertify
    if len(found) == most:
        raise invalid({"volunteer_nos": f"more than {MOST_VOLUNTEERS} served then: name them in parts"})
    return [BatchRow(volunteer_no=no, outcome=BatchOutcome.WAITING) for no in found]


def next_slice(unit: Unit, batch_no: str, due_at: datetime) -> None:
    """Certify the next volunteers of a batch (timer)."""
    del due_at
    batch = queries.of(unit.session, int(batch_no), to_go_on=True)
    for row in queries.following(unit.session, batch, AT_ONCE):
        if row.outcome == BatchOutcome.WAITING:
            _look_at(unit, batch, row)
        batch.done += 1
    if batch.done < batch.total:
        unit.set_timer(NEXT_SLICE, batch_no, unit.now)
        return
    batch.status, batch.finished_at = BatchStatus.DONE, unit.now
    _audit(unit, batch, "done")


def _look_at(unit: Unit, batch: CertificateBatch, row: BatchRow) -> None:
    try:
        person = volunteer_to_change(unit.session, row.volunteer_no)
    except NotFound:
        row.outcome = BatchOutcome.UNKNOWN
        return
    served = served_by(unit, person.id, batch.community, batch.first_on, batch.last_on)
    if served and taken_back(unit, person, batch.community, served):
        served = []
    found = rules.outcome(len(served), agreed=agreed_to(unit.session, person.id, Purpose.SERVICE_RECORDS))
    if found is BatchOutcome.CERTIFIED:
        new = certify(unit, person, batch.community, served, by=batch.created_by)
        row.certificate_no = new.certificate_no
        batch.certified += 1
    row.outcome = found


def several(unit: Unit, wanted: Wanted) -> Page[CertificateBatchOut]:
    """List the batches of one's area, newest first."""
    query = queries.every()
    return page(unit, query, queries.NEWEST_FIRST, wanted, bound="certificate batches", show=queries.shown)


def one(unit: Unit, batch_no: int) -> CertificateBatchOut:
    """Show how far a batch is."""
    return queries.shown(queries.of(unit.session, batch_no))


def rows(unit: Unit, batch_no: int, wanted: Wanted) -> Page[CertificateBatchRow]:
    """List what came of each volunteer."""
    batch = queries.of(unit.session, batch_no)
    bound = f"rows of certificate batch {batch_no}"
    return page(unit, queries.rows(batch), queries.IN_ORDER, wanted, bound=bound, show=queries.row_of)


def printed(unit: Unit, batch_no: int, after: int) -> list[tuple[int, Sheet, datetime]]:
    """Return the next sheets of a batch that are in force, each with its place and when it was issued."""
    batch = queries.of(unit.session, batch_no)
    found = queries.in_force(unit.session, batch, after, AT_ONCE)
    return [(place, *print_out(unit, certificate)) for place, certificate in found]


def _audit(unit: Unit, batch: CertificateBatch, action: str) -> None:
    detail = {"status": batch.status, "total": batch.total, "certified": batch.certified}
    unit.audit(f"{ENTITY}.{action}", ENTITY, str(batch.id), area=batch.community, detail=detail)
