"""A guardian confirms, or refuses, by a one-time code to the phone that the registration names."""

from hmac import compare_digest

from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.contracts.volunteer_life import ConsentsIn, WardOut
from onewindow_shared.contracts.volunteers import Capacity, ConsentGiver, Purpose, VolunteerStatus
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.problems import MoveRefused, NotFound
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.corrections.service import agree_as
from onewindow_volunteers.erasure.service import lapse
from onewindow_volunteers.people.models import Guardian, Volunteer, opened
from onewindow_volunteers.people.queries import born, volunteer, volunteer_to_change
from onewindow_volunteers.people.rules import capacity_now, needs_guardian
from onewindow_volunteers.people.service import ENTITY, GUARDIAN_OVERDUE, consent_of, settle
from onewindow_volunteers.settings import settings_of


def one(unit: Unit, volunteer_no: str) -> WardOut:
    """Show a guardian what they are asked to agree to."""
    ward = volunteer(unit.session, volunteer_no)
    return _shown(unit, ward, _guarded(unit, ward))


def confirm(unit: Unit, volunteer_no: str, seen: int) -> WardOut:
    """Take down that the guardian agrees; whoever is verified is registered with it."""
    ward, guardian = _to_change(unit, volunteer_no, seen)
    if ward.status == VolunteerStatus.LEFT or guardian.confirmed_at is not None:
        raise MoveRefused(state=ward.status, action="confirm")
    guardian.confirmed_at, guardian.answer_by = unit.now, None
    given = {consent.purpose for consent in ward.consents if consent.given_by == ConsentGiver.GUARDIAN}
    ward.consents += [
        consent_of(unit, Purpose(purpose), ConsentGiver.GUARDIAN)
        for purpose in guardian.asked or []
        if purpose not in given
    ]
    unit.cancel_timer(GUARDIAN_OVERDUE, volunteer_no)
    _audit(unit, ward, "guardian_confirmed")
    settle(unit, ward)
    return _shown(unit, ward, guardian)


def refuse(unit: Unit, volunteer_no: str, seen: int) -> WardOut:
    """End a registration that the guardian does not, or no longer, agree to (个人信息保护法 art. 15).

    Data that no guardian ever agreed to are erased with it (art. 31).
    """
    ward, guardian = _to_change(unit, volunteer_no, seen)
    if ward.status == VolunteerStatus.LEFT:
        raise MoveRefused(state=ward.status, action="refuse")
    guardian.confirmed_at = guardian.answer_by = None
    _audit(unit, ward, "guardian_refused")
    shown = _shown(unit, ward, guardian)
    lapse(unit, ward)
    return shown.model_copy(update={"status": VolunteerStatus.LEFT})


def agree(unit: Unit, volunteer_no: str, seen: int, form: ConsentsIn) -> WardOut:
    """Take down what the guardian agrees to from now on, each purpose by itself (个人信息保护法 art. 31)."""
    ward, guardian = _to_change(unit, volunteer_no, seen)
    if ward.status == VolunteerStatus.LEFT or guardian.confirmed_at is None:
        raise MoveRefused(state=ward.status, action="agree")
    agree_as(unit, ward, form, ConsentGiver.GUARDIAN)
    guardian.asked = [one for one in Purpose if one in {*form.consent}]
    return _shown(unit, ward, guardian)


def _to_change(unit: Unit, volunteer_no: str, seen: int) -> tuple[Volunteer, Guardian]:
    ward = volunteer_to_change(unit.session, volunteer_no)
    guardian = _guarded(unit, ward)
    expect_version(_shown(unit, ward, guardian), seen)
    ward.version += 1
    return ward, guardian


def _guarded(unit: Unit, ward: Volunteer) -> Guardian:
    """Return the guardian of a minor, if it is the one who is signed in; others see no ward.

    Nobody is the guardian of a grown-up (民法典 art. 17).
    """
    if ward.guardian is None or unit.actor.phone_proof is None:
        raise NotFound
    today = capacity_now(Capacity(ward.capacity), born(unit.vault, ward), settings_of(unit).ages, unit.today)
    if not needs_guardian(today):
        raise NotFound
    phone = opened(unit.vault, Guardian.sealed_phone, ward.guardian)
    expected = phone_proof(settings_of(unit).events_secret.get_secret_value(), phone)
    if not compare_digest(unit.actor.phone_proof, expected):
        raise NotFound
    return ward.guardian


def _shown(unit: Unit, ward: Volunteer, guardian: Guardian) -> WardOut:
    return WardOut(
        version=ward.version,
        volunteer_no=ward.volunteer_no,
        name_masked=mask_name(opened(unit.vault, Volunteer.sealed_name, ward)),
        community=ward.community,
        status=VolunteerStatus(ward.status),
        purposes=[Purpose(purpose) for purpose in guardian.asked or []],
        notice=settings_of(unit).privacy_notice,
        confirmed_at=guardian.confirmed_at,
        answer_by=guardian.answer_by,
    )


def _audit(unit: Unit, ward: Volunteer, action: str) -> None:
    unit.audit(
        f"{ENTITY}.{action}",
        ENTITY,
        ward.volunteer_no,
        area=ward.community,
        detail={"status": ward.status, "capacity": ward.capacity},
    )
