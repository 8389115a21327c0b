"""Guardians and household members: rows at posting, masked or in full when a case is shown."""

from collections.abc import Sequence
from typing import Any

from onewindow_intake.parties.models import GUARDIAN, MEMBER, PERSON, Party
from onewindow_intake.parties.rules import consent_by
from onewindow_shared.contracts.cases import GuardianOut, MaskedGuardian, MaskedMember, MemberOut
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.contracts.masking import mask_id, mask_name, mask_phone
from onewindow_shared.contracts.parties import ConsentBy, GuardianIn, MemberIn, Relation
from onewindow_shared.plumbing.privacy import Vault


def rows(vault: Vault, form: CaseIn, case_no: str, index: str, name_index: str) -> list[dict[str, Any]]:
    """Write guardian and household of an application as rows; the purposes are those of people's indexes."""

    def row(person: GuardianIn | MemberIn, role: str, consented_by: ConsentBy) -> dict[str, Any]:
        return {
            "case_no": case_no,
            "role": role,
            "relation": person.relation,
            "person_sealed": vault.seal(_full(person).model_dump_json(), purpose=PERSON),
            "person_index": vault.blind_index(person.id_document.lookup_key, purpose=index),
            "name_index": vault.blind_index(person.name, purpose=name_index),
            "consented_by": consented_by,
        }

    guardians = [] if form.guardian is None else [row(form.guardian, GUARDIAN, consent_by(form))]
    return guardians + [row(member, MEMBER, member.consent.by) for member in form.household]


def _full(person: GuardianIn | MemberIn) -> MemberOut | GuardianOut:
    document = person.id_document
    said: dict[str, object] = {"name": person.name, "id_kind": document.kind, "id_number": document.number}
    said |= {"mobile": person.mobile, "relation": person.relation}
    if isinstance(person, GuardianIn):
        return GuardianOut.model_validate({**said, "address": person.address})
    return MemberOut.model_validate(said)


def guardian(vault: Vault, parties: Sequence[Party]) -> GuardianOut | None:
    """Return the guardian of a case in full."""
    named = (GuardianOut.model_validate_json(_opened(vault, one)) for one in parties if one.role == GUARDIAN)
    return next(named, None)


def household(vault: Vault, parties: Sequence[Party]) -> list[MemberOut]:
    """Return the members of a household in full, in the order they were named."""
    return [MemberOut.model_validate_json(_opened(vault, one)) for one in parties if one.role == MEMBER]


def _opened(vault: Vault, party: Party) -> str:
    return vault.open(party.person_sealed, purpose=PERSON)


def masked_guardian(vault: Vault, parties: Sequence[Party]) -> MaskedGuardian | None:
    """Show the guardian of a case as public notices do."""
    person = guardian(vault, parties)
    if person is None:
        return None
    return MaskedGuardian(
        name=mask_name(person.name),
        id_kind=person.id_kind,
        id_number=mask_id(person.id_number),
        mobile=mask_phone(person.mobile),
        relation=person.relation,
    )


def masked_household(vault: Vault, parties: Sequence[Party]) -> list[MaskedMember]:
    """Show the members of a household as public notices do."""
    members = [one for one in parties if one.role == MEMBER]
    return [
        MaskedMember(
            name=mask_name(person.name),
            id_kind=person.id_kind,
            id_number=mask_id(person.id_number),
            mobile=mask_phone(person.mobile) if person.mobile else None,
            relation=Relation(person.relation),
            consent_by=ConsentBy(row.consented_by),
        )
        for row, person in zip(members, household(vault, members), strict=True)
    ]
