"""Use cases of corrections: by the volunteer, or at the window, which says why (民政部令第67号 art. 13)."""

from collections.abc import Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any

from onewindow_shared.contracts.access import PERSONAL_ROLES
from onewindow_shared.contracts.events import VolunteerRegistered
from onewindow_shared.contracts.volunteer_life import (
    ConsentsIn,
    CorrectionIn,
    PhoneChangeIn,
    PhoneChangeOut,
)
from onewindow_shared.contracts.volunteers import (
    Capacity,
    ConsentGiver,
    Purpose,
    VolunteerOut,
    VolunteerStatus,
)
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, invalid
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.corrections import queries
from onewindow_volunteers.erasure.service import take_over
from onewindow_volunteers.people import rules
from onewindow_volunteers.people.models import Guardian, PhoneChange, Volunteer, opened, seal
from onewindow_volunteers.people.queries import masked, volunteer_to_change, whoever
from onewindow_volunteers.people.service import ENTITY, GONE, PHONE_FORGOTTEN, consent_of, to_change
from onewindow_volunteers.settings import settings_of

CORRECTED = ("skills", "availability", "categories")


def correct(unit: Unit, volunteer_no: str, seen: int, form: CorrectionIn) -> VolunteerOut:
    """Take down what is otherwise from now on; the audit says which fields, not what they hold."""
    _expect_reason(unit, form.reason)
    person = to_change(unit, volunteer_no, seen)
    _expect_there(person, "correct")
    said = [name for name in CORRECTED if getattr(form, name) is not None]
    if not said:
        raise invalid(dict.fromkeys(CORRECTED, "say what is otherwise"))
    for name in said:
        setattr(person, name, getattr(form, name))
    _audit(unit, person, "corrected", form.reason, {"fields": said})
    return masked(unit.vault, person)


def agree(unit: Unit, volunteer_no: str, seen: int, form: ConsentsIn) -> VolunteerOut:
    """Take down what somebody agrees to from now on, each purpose by itself (个人信息保护法 arts. 14-15)."""
    _expect_reason(unit, form.reason)
    person = to_change(unit, volunteer_no, seen)
    _expect_there(person, "agree")
    agree_as(unit, person, form, ConsentGiver.VOLUNTEER)
    return masked(unit.vault, person)


def agree_as(unit: Unit, person: Volunteer, form: ConsentsIn, by: ConsentGiver) -> None:
    """Give and take back consents of the volunteer or the guardian; the window gives none.

    Whoever no longer agrees to being recorded gives up what they had promised to do.
    """
    others = rules.told_by_others(Capacity(person.capacity), by)
    found = rules.agreed_from_now(queries.given(person, by), form.consent, others=others)
    if isinstance(found, Mapping):
        raise invalid(found)
    new, withdrawn = found
    if new and not _own(unit):
        raise invalid({"consent": f"whoever agrees says so themselves: {', '.join(sorted(new))}"})
    queries.take_back(unit.session, person, withdrawn, by)
    if Purpose.SERVICE_RECORDS in withdrawn:
        unit.set_timer(GONE, person.volunteer_no, unit.now)
    person.consents += [consent_of(unit, purpose, by) for purpose in Purpose if purpose in new]
    detail = {"given": sorted(new), "withdrawn": sorted(withdrawn), "by": by}
    _audit(unit, person, "consents_changed", form.reason, detail)


def ask_for_phone(unit: Unit, volunteer_no: str, form: PhoneChangeIn) -> PhoneChangeOut:
    """Keep a new number until that phone confirms it; a later one takes its place."""
    _expect_reason(unit, form.reason)
    person = volunteer_to_change(unit.session, volunteer_no)
    _expect_there(person, "change the phone")
    if faults := _phone_faults(unit, person, form.phone):
        raise invalid(faults)
    change = queries.waiting(unit.session, person.id) or PhoneChange(volunteer_id=person.id)
    change.sealed_phone = seal(unit.vault, PhoneChange.sealed_phone, form.phone)
    change.asked_at, change.confirm_by = unit.now, unit.now + settings_of(unit).phone_change_kept
    unit.session.add(change)
    unit.set_timer(PHONE_FORGOTTEN, person.volunteer_no, change.confirm_by)
    _audit(unit, person, "phone_stated", form.reason)
    return queries.shown(unit.vault, person, change)


def _phone_faults(unit: Unit, person: Volunteer, phone: str) -> rules.Faults:
    if phone == opened(unit.vault, Volunteer.sealed_phone, person):
        return {"phone": "this is the present one"}
    guardian = person.guardian
    if guardian is not None and phone == opened(unit.vault, Guardian.sealed_phone, guardian):
        return {"phone": "the guardian confirms by a phone of their own"}
    return {}


def confirm_phone(unit: Unit, volunteer_no: str) -> VolunteerOut:
    """Take a number over that is signed in with; the registration belongs to its account from now on."""
    person = volunteer_to_change(unit.session, volunteer_no)
    change = queries.waiting(unit.session, person.id)
    if change is None:
        return _confirmed_before(unit, person)
    phone = opened(unit.vault, PhoneChange.sealed_phone, change)
    if not _signed_in_with(unit, phone) or change.confirm_by <= unit.now:
        raise NotFound
    unit.cancel_timer(PHONE_FORGOTTEN, person.volunteer_no)
    unit.session.delete(change)
    person.sealed_phone = seal(unit.vault, Volunteer.sealed_phone, phone)
    take_over(unit, person, unit.actor.subject)
    unit.session.flush()
    if person.status == VolunteerStatus.REGISTERED:
        unit.publish(
            VolunteerRegistered(
                volunteer_no=person.volunteer_no, subject=person.subject, community=person.community
            )
        )
    _audit(unit, person, "phone_changed")
    return masked(unit.vault, person)


def _confirmed_before(unit: Unit, person: Volunteer) -> VolunteerOut:
    phone = opened(unit.vault, Volunteer.sealed_phone, person)
    if person.subject != unit.actor.subject or not _signed_in_with(unit, phone):
        raise NotFound
    return masked(unit.vault, person)


def _signed_in_with(unit: Unit, phone: str) -> bool:
    expected = phone_proof(settings_of(unit).events_secret.get_secret_value(), phone)
    return unit.actor.phone_proof is not None and compare_digest(unit.actor.phone_proof, expected)


def forget_phone(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Forget a number that nobody confirmed in time (timer)."""
    del due_at
    person = whoever(unit.session, entity_id)
    change = queries.waiting(unit.session, person.id)
    if change is not None and change.confirm_by <= unit.now:
        unit.session.delete(change)
        _audit(unit, person, "phone_forgotten")


def _own(unit: Unit) -> bool:
    return unit.actor.roles <= PERSONAL_ROLES


def _expect_reason(unit: Unit, reason: str | None) -> None:
    if reason is None and not _own(unit):
        raise invalid({"reason": "say how it is known that this is otherwise"})


def _expect_there(person: Volunteer, action: str) -> None:
    if person.status == VolunteerStatus.LEFT:
        raise MoveRefused(state=person.status, action=action)


def _audit(
    unit: Unit,
    person: Volunteer,
    action: str,
    reason: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    number, area = person.volunteer_no, person.community
    unit.audit(f"{ENTITY}.{action}", ENTITY, number, area=area, reason=reason, detail=detail)
