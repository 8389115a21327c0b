"""Erasing a volunteer's personal data (个人信息保护法 art. 47); figures, and what was given, stay right."""

from datetime import datetime

from onewindow_shared.contracts.identity import Sex
from onewindow_shared.contracts.service_certificates import ServiceCertificateStatus
from onewindow_shared.contracts.volunteer_life import CertificatesKept, ErasureIn, ErasureOut
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.activities.signups import give_up_places
from onewindow_volunteers.certificates.service import strip, withdraw
from onewindow_volunteers.engagement.counting import parted
from onewindow_volunteers.erasure import queries
from onewindow_volunteers.feeds.service import withdraw_of
from onewindow_volunteers.inactivity.service import forget as ask_nothing
from onewindow_volunteers.needs.service import OWNER_ERASED, give_up_needs
from onewindow_volunteers.organisations.service import lead_no_more
from onewindow_volunteers.people.models import ErasedPerson, Volunteer, seal
from onewindow_volunteers.people.queries import forget_number, forget_unconfirmed, was_erased, whoever
from onewindow_volunteers.people.rules import VolunteerAction
from onewindow_volunteers.people.service import (
    ENTITY,
    GONE,
    GUARDIAN_OVERDUE,
    OF_AGE,
    PHONE_FORGOTTEN,
    UNVERIFIED,
    move,
    nobody_agreed,
    to_change,
)
from onewindow_volunteers.settings import settings_of
from onewindow_volunteers.stars.models import StarObjection

NOBODY = "erased:"
PERSONAL = (
    Volunteer.sealed_id_number,
    Volunteer.sealed_name,
    Volunteer.sealed_birth_date,
    Volunteer.sealed_phone,
)


def known_again(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Give somebody who is verified what they had under an earlier account (timer).

    A registration that was disproved was somebody else's; what else an account had is not the person's.
    """
    del due_at
    several = queries.registrations_of(unit.session, entity_id)
    person = next((one for one in several if one.volunteer_no == entity_id), None)
    if person is None or person.status == VolunteerStatus.LEFT:
        return
    for earlier in several:
        if earlier.subject != person.subject and earlier.ended_by != VolunteerAction.DISPROVE:
            take_over(unit, earlier, person.subject)


def take_over(unit: Unit, person: Volunteer, account: str) -> None:
    """Have a registration, and all that came of it, belong to another account of the same person."""
    person.subject = account
    unit.session.flush()
    person.version += 1
    unit.audit(f"{ENTITY}.taken_over", ENTITY, person.volunteer_no, area=person.community)


def erase(unit: Unit, volunteer_no: str, seen: int, form: ErasureIn) -> ErasureOut:
    """Erase one's own data, of earlier registrations too; whoever has not left leaves with it.

    A trace is kept that says of nobody who they are, so that nobody else brings them back; not of a document
    that nobody has compared with the person, or that was found to be somebody else's.
    """
    several = queries.registrations_of(unit.session, volunteer_no)
    person = to_change(unit, volunteer_no, seen)
    if person.status != VolunteerStatus.LEFT:
        move(unit, person, VolunteerAction.LEAVE)
    if queries.is_proved(unit.session, several):
        if was_erased(unit.session, person.person_index) is None:
            unit.session.add(ErasedPerson(person_index=person.person_index, erased_at=unit.now))
        forget_unconfirmed(unit.session, person.person_index)
    for need_id in queries.own_needs(unit.session, person.subject):
        unit.set_timer(OWNER_ERASED, str(need_id), unit.now)
    in_force = 0
    for registration in several:
        in_force += _settle_certificates(unit, registration, form.certificates)
        forget(unit, registration)
    return ErasureOut(volunteer_no=volunteer_no, erased_on=unit.today, certificates=in_force)


def _settle_certificates(unit: Unit, person: Volunteer, what: CertificatesKept) -> int:
    """Keep or revoke the certificates in force; return how many there were."""
    several = queries.certificates_of(unit.session, person.id)
    in_force = [one for one in several if one.status == ServiceCertificateStatus.ISSUED]
    for certificate in in_force if what is CertificatesKept.REVOKE else []:
        withdraw(unit, certificate)
    return len(in_force)


def guardian_overdue(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """End a minor's registration that no guardian confirmed in time (timer)."""
    del due_at
    person = whoever(unit.session, entity_id)
    guardian = person.guardian
    if guardian is None or guardian.confirmed_at is not None or guardian.answer_by is None:
        return
    if guardian.answer_by > unit.now:
        unit.set_timer(GUARDIAN_OVERDUE, entity_id, guardian.answer_by)
        return
    person.version += 1
    lapse(unit, person)


def unverified(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """End a registration that nobody verified in time, and erase it: nobody came to the window (timer)."""
    del due_at
    person = whoever(unit.session, entity_id)
    if person.status != VolunteerStatus.REGISTERING:
        return
    last = person.status_since + settings_of(unit).verification_kept
    if last > unit.now:
        unit.set_timer(UNVERIFIED, entity_id, last)
        return
    person.version += 1
    lapse(unit, person)


def lapse(unit: Unit, person: Volunteer) -> None:
    """End a registration that the guardian does not, or no longer, agree to, or that nobody verified in time.

    One that never came to be is erased with it (个人信息保护法 art. 31); whoever was registered once is kept.
    """
    if person.status != VolunteerStatus.LEFT:
        move(unit, person, VolunteerAction.LAPSE)
    if person.registered_at is None:
        forget(unit, person)


def person_is_gone(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Give up what somebody who no longer serves had promised; forget to whom nobody agreed (timer)."""
    del due_at
    person = whoever(unit.session, entity_id)
    if person.status == VolunteerStatus.LEFT and nobody_agreed(person):
        forget(unit, person)
    else:
        _give_up(unit, person)


def _give_up(unit: Unit, person: Volunteer) -> None:
    give_up_places(unit, person)
    give_up_needs(unit, person)
    lead_no_more(unit, person)


def forget(unit: Unit, person: Volunteer) -> None:
    """Leave nothing of a registration that has ended that tells who somebody was."""
    _give_up(unit, person)
    unit.cancel_timer(GONE, person.volunteer_no)
    unit.cancel_timer(GUARDIAN_OVERDUE, person.volunteer_no)
    unit.cancel_timer(OF_AGE, person.volunteer_no)
    unit.cancel_timer(PHONE_FORGOTTEN, person.volunteer_no)
    ask_nothing(unit, person)
    forget_number(unit.session, person)
    for certificate in queries.certificates_of(unit.session, person.id):
        strip(unit, certificate)
    unit.session.flush()
    withdraw_of(unit, person)
    nobody = f"{NOBODY}{person.volunteer_no}"
    nothing = seal(unit.vault, StarObjection.sealed_statement, "")
    queries.forget_elsewhere(unit.session, person, nobody, nothing, unit.now)
    for column in PERSONAL:
        setattr(person, column.key, seal(unit.vault, column, ""))
    with parted(unit, person.person_index, nobody):
        person.person_index = nobody
    person.subject = nobody
    person.sex, person.national_volunteer_no = Sex.UNKNOWN, None
    person.skills = person.availability = person.categories = []
    person.erased_at = unit.now
    if person.guardian is not None:
        unit.session.delete(person.guardian)
    unit.audit(f"{ENTITY}.erased", ENTITY, person.volunteer_no, area=person.community)
