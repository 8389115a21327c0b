"""Applicants and their agents: sealed at rest, masked wherever they are shown."""

from datetime import date

from onewindow_shared.contracts.cases import MaskedPerson, PersonOut
from onewindow_shared.contracts.identity import IdDocument, age_on, birth_date
from onewindow_shared.contracts.intake import PersonIn
from onewindow_shared.contracts.masking import mask_id, mask_name, mask_phone
from onewindow_shared.plumbing.privacy import Vault


def seal(vault: Vault, person: PersonIn, purpose: str) -> str:
    """Seal a person's particulars for a column."""
    return vault.seal(particulars(person).model_dump_json(), purpose=purpose)


def opened(vault: Vault, token: str, purpose: str) -> PersonOut:
    """Open what `seal` made."""
    return PersonOut.model_validate_json(vault.open(token, purpose=purpose))


def particulars(person: PersonIn) -> PersonOut:
    """Return a person's particulars in one piece."""
    document = person.id_document
    return PersonOut(
        name=person.name,
        id_kind=document.kind,
        id_number=document.number,
        mobile=person.mobile,
        address=person.address,
    )


ADULT = 18
"""Full years from which somebody is no minor (民法典 art. 17)."""


def is_minor(person: PersonOut, today: date) -> bool:
    """Say whether a document tells that its bearer is a minor; some numbers do not tell."""
    born = birth_date(IdDocument(kind=person.id_kind, number=person.id_number))
    return born is not None and age_on(born, max(born, today)) < ADULT


def masked(person: PersonOut) -> MaskedPerson:
    """Show a person as public notices do."""
    return MaskedPerson(
        name=mask_name(person.name),
        id_kind=person.id_kind,
        id_number=mask_id(person.id_number),
        mobile=mask_phone(person.mobile),
    )
