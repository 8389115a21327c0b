"""Finding a number that waits for being confirmed, and showing it."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from onewindow_shared.contracts.masking import mask_phone
from onewindow_shared.contracts.volunteer_life import PhoneChangeOut
from onewindow_shared.contracts.volunteers import ConsentGiver, Purpose
from onewindow_shared.plumbing.privacy import Vault
from onewindow_volunteers.people.models import Consent, PhoneChange, Volunteer, opened


def waiting(session: Session, volunteer_id: int) -> PhoneChange | None:
    """Return the number that somebody is to be reached by, until it is confirmed, kept from other writers."""
    return session.get(PhoneChange, volunteer_id, with_for_update=True)


def given(person: Volunteer, by: ConsentGiver) -> set[Purpose]:
    """Return what was agreed to by the volunteer, or the guardian."""
    return {Purpose(one.purpose) for one in person.consents if one.given_by == by}


def take_back(session: Session, person: Volunteer, purposes: Collection[Purpose], by: ConsentGiver) -> None:
    """Delete consents."""
    those = (Consent.volunteer_id == person.id, Consent.given_by == by, Consent.purpose.in_(purposes))
    session.execute(delete(Consent).where(*those))
    session.expire(person, ["consents"])


def shown(vault: Vault, person: Volunteer, change: PhoneChange) -> PhoneChangeOut:
    """Show a number that waits."""
    return PhoneChangeOut(
        volunteer_no=person.volunteer_no,
        phone_masked=mask_phone(opened(vault, PhoneChange.sealed_phone, change)),
        confirm_by=change.confirm_by,
    )
