"""Reading volunteers, masked or in full; the session's scope narrows every one of these."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.identity import IdDocument, IdKind, Sex
from onewindow_shared.contracts.masking import mask_id, mask_name, mask_phone
from onewindow_shared.contracts.volunteers import (
    Availability,
    Capacity,
    ConsentGiver,
    ConsentOut,
    GuardianOut,
    MyRecordOut,
    ParticularsOut,
    Purpose,
    ServiceCategory,
    VolunteerOut,
    VolunteerRow,
    VolunteerStatus,
)
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.bulk import count_on, table_of
from onewindow_shared.plumbing.paging import Keyset, Wanted, page
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.people.holding import shared
from onewindow_volunteers.people.models import (
    Consent,
    ErasedPerson,
    Guardian,
    PhoneChange,
    RefusedPerson,
    Series,
    Step,
    Unconfirmed,
    Volunteer,
    opened,
)
from onewindow_volunteers.people.problems import RecordingNotAgreedTo
from onewindow_volunteers.people.rules import ASKED, Change

VOLUNTEERS, UNCONFIRMED = table_of(Volunteer), table_of(Unconfirmed)
BY_NUMBER = Keyset([Volunteer.volunteer_no])


def volunteer(session: Session, volunteer_no: str) -> Volunteer:
    """Return a volunteer, or raise `NotFound`: also for one whose data were erased."""
    return _found(session.scalar(_of(volunteer_no)))


def agreed_to(session: Session, volunteer_id: int, purpose: Purpose) -> bool:
    """Say whether a volunteer, or their guardian, agrees to a purpose now."""
    given = (Consent.volunteer_id == volunteer_id, Consent.purpose == purpose)
    return session.scalar(select(Consent.id).where(*given).limit(1)) is not None


def expect_recording(session: Session, volunteer_id: int) -> None:
    """Refuse to have somebody serve, or to write it down, who does not agree to its being recorded."""
    if not agreed_to(session, volunteer_id, Purpose.SERVICE_RECORDS):
        raise RecordingNotAgreedTo


def still_serves(session: Session, person: Volunteer) -> bool:
    """Say whether somebody may keep what they promised to do."""
    registered = person.status == VolunteerStatus.REGISTERED
    return registered and agreed_to(session, person.id, Purpose.SERVICE_RECORDS)


def volunteer_to_change(session: Session, volunteer_no: str) -> Volunteer:
    """Return a volunteer that nobody else changes before this transaction ends."""
    return _found(session.scalar(_of(volunteer_no).with_for_update()))


def held(session: Session, volunteer_no: str) -> Volunteer:
    """Return a volunteer as `volunteer` does; nobody changes or erases them before this transaction ends."""
    return _found(session.scalar(shared(_of(volunteer_no))))


def whoever(session: Session, volunteer_no: str) -> Volunteer:
    """Return who has a number, erased or not, held so that nobody else changes them meanwhile."""
    query = select(Volunteer).where(Volunteer.volunteer_no == volunteer_no)
    return session.scalars(query.with_for_update()).one()


def person_of(session: Session, volunteer_id: int) -> str:
    """Return the index of the person whose registration it is, whoever asks."""
    query = select(VOLUNTEERS.c.person_index).where(VOLUNTEERS.c.id == volunteer_id)
    return str(session.scalar(query))


def is_erased(session: Session, volunteer_id: int) -> bool:
    """Say whether a volunteer's data were erased, whoever asks."""
    erased = (VOLUNTEERS.c.id == volunteer_id, VOLUNTEERS.c.erased_at.is_not(None))
    return session.scalar(select(VOLUNTEERS.c.id).where(*erased)) is not None


def _of(volunteer_no: str) -> Select[Volunteer]:
    return select(Volunteer).where(Volunteer.volunteer_no == volunteer_no, Volunteer.erased_at.is_(None))


def latest_of(session: Session, subject: str) -> Volunteer:
    """Return an account's registration: the one that has not ended, else the last; or raise `NotFound`."""
    return _found(session.scalar(_latest(subject)))


def latest_held(session: Session, subject: str) -> Volunteer:
    """Return it as `latest_of` does; nobody changes or erases it before this transaction ends."""
    return _found(session.scalar(shared(_latest(subject))))


def _latest(subject: str) -> Select[Volunteer]:
    ended = Volunteer.status == VolunteerStatus.LEFT
    mine = select(Volunteer).where(Volunteer.subject == subject)
    return mine.order_by(ended, Volunteer.id.desc()).limit(1)


def is_registered(session: Session, subject: str) -> bool:
    """Say whether an account has a registration that has not ended."""
    live = (Volunteer.subject == subject, Volunteer.status != VolunteerStatus.LEFT)
    return session.scalar(select(Volunteer.id).where(*live).limit(1)) is not None


def had_another_account(session: Session, person: Volunteer) -> bool:
    """Say whether the person of a registration was registered under another account, whoever asks."""
    v = VOLUNTEERS.c
    other = (v.person_index == person.person_index, v.subject != person.subject)
    return session.scalar(select(v.id).where(*other).limit(1)) is not None


def was_erased(session: Session, person_index: str) -> ErasedPerson | None:
    """Return the trace of somebody whose data were erased on request."""
    return session.get(ErasedPerson, person_index)


def has_refused(session: Session, person_index: str) -> bool:
    """Say whether a person does not want to be handed in by others."""
    return session.get(RefusedPerson, person_index) is not None


def forget_unconfirmed(session: Session, person_index: str) -> None:
    """Delete what others handed in of a person, whose own it is not yet, and that they refused it."""
    session.execute(delete(UNCONFIRMED).where(UNCONFIRMED.c.person_index == person_index))
    session.execute(delete(RefusedPerson).where(RefusedPerson.person_index == person_index))


def forget_erasure(session: Session, person_index: str) -> None:
    """Delete the trace of an erasure: the person is back."""
    session.execute(delete(ErasedPerson).where(ErasedPerson.person_index == person_index))


def forget_number(session: Session, person: Volunteer) -> None:
    """Delete the number that waits for being confirmed."""
    session.execute(delete(PhoneChange).where(PhoneChange.volunteer_id == person.id))


def checks_of(unit: Unit, subject: str, since: datetime, limit: int) -> Sequence[datetime]:
    """Return when an account had identities checked, newest first; others wait for this transaction."""
    if unit.dialect == "postgresql":
        unit.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))
    asked = (AuditRecord.entity_type == "account", AuditRecord.entity_id == subject)
    query = select(AuditRecord.at).where(*asked, AuditRecord.action == ASKED, AuditRecord.at > since)
    return unit.session.scalars(query.order_by(AuditRecord.id.desc()).limit(limit)).all()


def _found(row: Volunteer | None) -> Volunteer:
    if row is None:
        raise NotFound
    return row


def volunteers(
    unit: Unit, wanted: Wanted, community: str | None, status: VolunteerStatus | None
) -> Page[VolunteerRow]:
    """Return a page of volunteers by number, hence by when they signed up within a district."""
    query = chosen(unit, community, status)
    bound = f"people {community} {status}"
    return page(unit, query, BY_NUMBER, wanted, bound=bound, show=lambda row: listed(unit.vault, row))


def chosen(unit: Unit, community: str | None, status: VolunteerStatus | None) -> Select[Volunteer]:
    """Select volunteers, of one community or standing only; nobody whose data were erased."""
    query = select(Volunteer).where(Volunteer.erased_at.is_(None))
    if community is not None:
        query = query.where(within(Volunteer, unit.gathered(community)))
    return query if status is None else query.where(Volunteer.status == status)


def next_serial(unit: Unit, district: str, year: int) -> int:
    """Take the next serial of a district and year; nobody else takes one before this transaction ends."""
    return count_on(unit.session, Series.last, {"district": district, "year": year}, start=0)


def every_step(session: Session) -> Iterator[tuple[datetime, Change]]:
    """Yield every change of a status or community, with its moment."""
    query = select(Step.at, Step.source, Step.target, Step.counted_in, Step.moved_from).order_by(Step.id)
    for at, source, target, community, moved_from in session.execute(query):
        yield at, Change(VolunteerStatus(source), VolunteerStatus(target), community, moved_from)


def listed(vault: Vault, row: Volunteer) -> VolunteerRow:
    """Return a volunteer as a list shows them."""
    return VolunteerRow(
        volunteer_no=row.volunteer_no,
        status=VolunteerStatus(row.status),
        name_masked=mask_name(opened(vault, Volunteer.sealed_name, row)),
        community=row.community,
        capacity=Capacity(row.capacity),
        categories=[ServiceCategory(category) for category in row.categories],
        registered_at=row.registered_at,
        status_since=row.status_since,
    )


def masked(vault: Vault, row: Volunteer) -> VolunteerOut:
    """Return a volunteer with masked particulars."""
    return VolunteerOut(
        version=row.version,
        volunteer_no=row.volunteer_no,
        national_volunteer_no=row.national_volunteer_no,
        status=VolunteerStatus(row.status),
        status_since=row.status_since,
        registered_at=row.registered_at,
        name_masked=mask_name(opened(vault, Volunteer.sealed_name, row)),
        id_kind=IdKind(row.id_kind),
        id_number_masked=mask_id(opened(vault, Volunteer.sealed_id_number, row)),
        phone_masked=mask_phone(opened(vault, Volunteer.sealed_phone, row)),
        community=row.community,
        capacity=Capacity(row.capacity),
        skills=row.skills,
        availability=[Availability(slot) for slot in row.availability],
        categories=[ServiceCategory(category) for category in row.categories],
    )


def own(vault: Vault, row: Volunteer) -> MyRecordOut:
    """Return a volunteer's record with everything that is kept of them."""
    return MyRecordOut(**masked(vault, row).model_dump(), particulars=particulars(vault, row))


def born(vault: Vault, row: Volunteer) -> date:
    """Return a volunteer's birth date."""
    return date.fromisoformat(opened(vault, Volunteer.sealed_birth_date, row))


def particulars(vault: Vault, row: Volunteer) -> ParticularsOut:
    """Return a volunteer's personal data in full."""
    number = opened(vault, Volunteer.sealed_id_number, row)
    return ParticularsOut(
        name=opened(vault, Volunteer.sealed_name, row),
        id_document=IdDocument(kind=IdKind(row.id_kind), number=number),
        birth_date=born(vault, row),
        sex=Sex(row.sex),
        phone=opened(vault, Volunteer.sealed_phone, row),
        guardian=_guardian(vault, row.guardian) if row.guardian else None,
        consents=[_consent(consent) for consent in row.consents],
    )


def _guardian(vault: Vault, row: Guardian) -> GuardianOut:
    number = opened(vault, Guardian.sealed_id_number, row)
    return GuardianOut(
        name=opened(vault, Guardian.sealed_name, row),
        id_document=IdDocument(kind=IdKind(row.id_kind), number=number),
        phone=opened(vault, Guardian.sealed_phone, row),
        confirmed_at=row.confirmed_at,
    )


def _consent(row: Consent) -> ConsentOut:
    return ConsentOut(
        purpose=Purpose(row.purpose),
        given_by=ConsentGiver(row.given_by),
        notice=row.notice,
        given_at=row.given_at,
    )
