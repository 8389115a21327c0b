"""Applicants and their agents: sealed at rest, masked wherever they are shown."""

from onewindow_shared.contracts.cases import MaskedPerson, MemberOut, PersonOut
from onewindow_shared.contracts.identity import IdDocument
from onewindow_shared.contracts.masking import mask_id, mask_name, mask_phone
from onewindow_shared.contracts.parties import PersonIn
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


def document_of(person: PersonOut | MemberOut) -> IdDocument:
    """Return a person's identity document."""
    return IdDocument(kind=person.id_kind, number=person.id_number)


def masked(person: PersonOut) -> MaskedPerson:
    """Show a person as public notices do."""
    return MaskedPerson(
        name=mask_name(person.name),
        id_kind=person.id_kind,
        id_number=mask_id(person.id_number),
        mobile=mask_phone(person.mobile),
    )
