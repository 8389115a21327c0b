"""Finding service records, and showing them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.records import Proof, RecordOut, RecordStatus, StatementKind
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities.models import Signup
from onewindow_volunteers.people.holding import hold_whose
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.people.queries import person_of
from onewindow_volunteers.records.models import CountedSpan, HourEntry, ServiceRecord, Statement
from onewindow_volunteers.records.spans import Span

VOLUNTEERS, RECORDS = table_of(Volunteer), table_of(ServiceRecord)
NEWEST_FIRST = Keyset([ServiceRecord.id], newest_first=True)
OLDEST_FIRST = Keyset([ServiceRecord.id])


def record(session: Session, record_id: int) -> ServiceRecord:
    """Return a record of one's own, or of one's area; raises `NotFound`."""
    return must_find(session, select(ServiceRecord).where(ServiceRecord.id == record_id))


def times_said(session: Session, record_id: int, kind: StatementKind) -> int:
    """Return how often a record was disputed, answered for or ruled."""
    said = (Statement.record_id == record_id, Statement.kind == kind)
    return session.scalar(select(func.count()).select_from(Statement).where(*said)) or 0


def record_to_change(session: Session, record_id: int) -> ServiceRecord:
    """Return a record that nobody else changes meanwhile."""
    hold_whose(session, RECORDS, record_id)
    return must_find(session, select(ServiceRecord).where(ServiceRecord.id == record_id).with_for_update())


def record_of(session: Session, signup_id: int) -> ServiceRecord | None:
    """Return the record of a place, held until this transaction ends."""
    query = select(ServiceRecord).where(ServiceRecord.signup_id == signup_id).with_for_update()
    return session.scalar(query)


def place_in(session: Session, shift_id: int, volunteer_no: str) -> int:
    """Return the number of somebody's latest place in a shift."""
    query = select(Signup.id).where(Signup.shift_id == shift_id, Signup.volunteer_no == volunteer_no)
    return must_find(
        session, query.order_by(Signup.id.desc()).limit(1), "This volunteer did not sign up for the shift."
    )


def counted_on(unit: Unit, record: ServiceRecord) -> int:
    """Return the confirmed minutes of the day of a record's person, wherever they served, but this record's.

    Until this transaction ends nobody else adds to that day.
    """
    person = person_of(unit.session, record.volunteer_id)
    _one_at_a_time(unit, f"day {person} {record.day}")
    r = RECORDS.c
    that_day = (r.day == record.day, r.status == RecordStatus.CONFIRMED, r.id != record.id)
    query = select(func.coalesce(func.sum(r.minutes), 0)).where(
        r.volunteer_id.in_(_ids_of(person)), *that_day
    )
    return int(unit.session.scalar(query) or 0)


def _ids_of(person_index: str) -> Select[Any]:
    """Select every registration of a person."""
    return select(VOLUNTEERS.c.id).where(VOLUNTEERS.c.person_index == person_index)


def _one_at_a_time(unit: Unit, what: str) -> None:
    """Let nobody else do this before this transaction ends; on SQLite there is one writer anyway."""
    if unit.dialect == "postgresql":
        unit.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def total(session: Session, volunteer_id: int) -> int:
    """Return the minutes that count, from the ledger."""
    query = select(func.coalesce(func.sum(HourEntry.minutes), 0)).where(
        HourEntry.volunteer_id == volunteer_id
    )
    return int(session.scalar(query) or 0)


def counted_of(session: Session, record_id: int) -> int:
    """Return the minutes of one record that count."""
    query = select(func.coalesce(func.sum(HourEntry.minutes), 0)).where(HourEntry.record_id == record_id)
    return int(session.scalar(query) or 0)


def waiting(session: Session, volunteer_id: int) -> int:
    """Return the minutes that wait for being confirmed or ruled, wherever they were given."""
    query = select(func.coalesce(func.sum(RECORDS.c.minutes), 0)).where(
        RECORDS.c.volunteer_id == volunteer_id,
        RECORDS.c.status.in_((RecordStatus.PENDING, RecordStatus.DISPUTED)),
    )
    return int(session.scalar(query) or 0)


def counted_elsewhere(unit: Unit, record: ServiceRecord, spans: Sequence[Span]) -> list[Span]:
    """Return what other records of the person count of a time; until this transaction ends none is added.

    A person is one whatever number they served under.
    """
    person = person_of(unit.session, record.volunteer_id)
    _one_at_a_time(unit, f"counted {person}")
    if not spans:
        return []
    query = select(CountedSpan.starts_at, CountedSpan.ends_at).where(
        CountedSpan.volunteer_id.in_(_ids_of(person)),
        CountedSpan.starts_at < max(end for _, end in spans),
        CountedSpan.ends_at > min(start for start, _ in spans),
    )
    if record.id is not None:
        query = query.where(CountedSpan.record_id != record.id)
    return [(start, end) for start, end in unit.session.execute(query)]


def forget_spans(session: Session, record_id: int) -> None:
    """Let go of the time that a record counts."""
    session.execute(delete(CountedSpan).where(CountedSpan.record_id == record_id))


def is_recorded(session: Session, shift_id: int, volunteer_id: int) -> bool:
    """Say whether there is a record of somebody's service in a shift, whatever place it came from."""
    theirs = (ServiceRecord.shift_id == shift_id, ServiceRecord.volunteer_id == volunteer_id)
    return session.scalar(select(ServiceRecord.id).where(*theirs).limit(1)) is not None


def shown(record: ServiceRecord, today: date) -> RecordOut:
    """Show a record as it stands today."""
    return RecordOut(
        version=record.version,
        record_id=record.id,
        volunteer_no=record.volunteer_no,
        activity_id=record.activity_id,
        activity=record.activity,
        content=record.content,
        organisation=record.organisation,
        in_charge=record.in_charge,
        place=record.place,
        shift_id=record.shift_id,
        on=record.day,
        status=RecordStatus(record.status),
        came_at=record.came_at,
        came_proof=Proof(record.came_proof),
        came_told_at=record.came_told_at,
        left_at=record.left_at,
        left_proof=Proof(record.left_proof) if record.left_proof else None,
        left_told_at=record.left_told_at,
        minutes=record.minutes,
        elsewhere_minutes=record.elsewhere_minutes,
        claimed_minutes=record.claimed_minutes,
        confirmed_by=record.confirmed_by,
        late_minutes=record.late_minutes,
        late=(record.confirmed_on or today) > record.due_on,
    )
