"""Cases and their documents as contracts; particulars are masked."""

from datetime import date, datetime

from onewindow_intake.cases import people
from onewindow_intake.cases.labels import step_label
from onewindow_intake.cases.models import AGENT, APPLICANT, Case, Entry, Notice, Refusal
from onewindow_shared.contracts.cases import (
    CaseOut,
    CaseParticulars,
    CaseSummary,
    CorrectionNotice,
    Defect,
    HandedIn,
    HistoryEntry,
    MaskedPerson,
    MaterialOut,
    Receipt,
    RefusalDocument,
)
from onewindow_shared.contracts.catalogue import ItemGuide, ItemMaterial
from onewindow_shared.contracts.intake import Channel, RefusalGround, ServiceCategory
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import tracking_code
from onewindow_shared.plumbing.privacy import Vault

TRACKING = "tracking"
"""What the key of tracking codes is derived for."""


def summary(case: Case) -> CaseSummary:
    """Show a case in a list."""
    return CaseSummary(
        case_no=case.case_no,
        version=case.version,
        status=CaseStatus(case.status),
        item_code=case.item_code,
        item_name=case.item_name,
        category=ServiceCategory(case.category),
        department=case.department,
        community=case.community,
        channel=Channel(case.channel),
        first_contact_officer=case.first_contact_officer or None,
        applicant=case.applicant_masked,
        received_at=case.received_at,
        notice_due_at=open_notice(case),
        due_on=case.due_on,
        provisional=case.provisional,
    )


def whole(vault: Vault, case: Case, guide: ItemGuide) -> CaseOut:
    """Show a case with its check-list."""
    return CaseOut(
        **summary(case).model_dump(exclude={"applicant"}),
        item_version=case.item_version,
        applicant=people.masked(people.opened(vault, case.applicant_sealed, APPLICANT)),
        agent=_agent(vault, case),
        agency_requested=case.agency_requested,
        materials=[_material(case, material) for material in guide.materials],
        remark=case.remark,
        correction_due_at=case.correction_due_at,
        accepted_at=case.accepted_at,
        accepted_on=case.accepted_on,
        statutory_days=case.statutory_days,
        promised_days=case.promised_days,
        ended_on=case.ended_on,
    )


def open_notice(case: Case) -> datetime | None:
    """Return until when a notice can be given, while one still can."""
    return case.notice_due_at if case.status == CaseStatus.RECEIVED else None


def _agent(vault: Vault, case: Case) -> MaskedPerson | None:
    if case.agent_sealed is None:
        return None
    return people.masked(people.opened(vault, case.agent_sealed, AGENT))


def _material(case: Case, material: ItemMaterial) -> MaterialOut:
    known = case.materials.get(material.code, {})
    return MaterialOut(
        code=material.code,
        name=material.name,
        required=material.required,
        applies_when=material.applies_when,
        received=known.get("received", False),
        declared=known.get("declared", False),
        form=material.form,
        form_seen=known.get("form"),
        note=known.get("note"),
        received_at=known.get("at") if known.get("received") else None,
    )


def particulars(vault: Vault, case: Case, today: date) -> CaseParticulars:
    """Show who applicant and agent are, in full."""
    applicant = people.opened(vault, case.applicant_sealed, APPLICANT)
    agent = people.opened(vault, case.agent_sealed, AGENT) if case.agent_sealed else None
    return CaseParticulars(
        case_no=case.case_no,
        minor=any(people.is_minor(person, today) for person in (applicant, agent) if person),
        applicant=applicant,
        agent=agent,
    )


def entry(entry: Entry) -> HistoryEntry:
    """Show something that happened to a case."""
    return HistoryEntry(
        at=entry.at,
        step=entry.step,
        label=step_label(entry.step),
        status=CaseStatus(entry.status),
        by=entry.by,
    )


def receipt(vault: Vault, case: Case, guide: ItemGuide, office: str) -> Receipt:
    """Write the proof of receipt, or of acceptance once there is one."""
    received = {code for code, known in case.materials.items() if known["received"]}
    return Receipt(
        kind="receipt" if case.accepted_on is None else "acceptance",
        case_no=case.case_no,
        tracking_code=tracking_code(vault.derive(TRACKING), case.case_no),
        item_code=case.item_code,
        item_name=case.item_name,
        applicant=case.applicant_masked,
        handed_in=[
            HandedIn(code=material.code, name=material.name, form=material.form, copies=material.copies)
            for material in guide.materials
            if material.code in received
        ],
        missing=[
            material.name
            for material in guide.materials
            if material.required and material.code not in received
        ],
        received_at=case.received_at,
        accepted_on=case.accepted_on,
        notice_due_at=open_notice(case),
        statutory_days=case.statutory_days,
        promised_days=case.promised_days,
        due_on=case.due_on,
        provisional=case.provisional,
        office=office,
        community=case.community,
        first_contact_officer=case.first_contact_officer or None,
    )


def notice(case: Case, notice: Notice, guide: ItemGuide) -> CorrectionNotice:
    """Show the notice of corrections."""
    names = {material.code: material.name for material in guide.materials}
    return CorrectionNotice(
        case_no=case.case_no,
        issued_at=notice.issued_at,
        issued_by=notice.issued_by,
        deadline=notice.deadline,
        due_at=notice.due_at,
        defects=[Defect(**defect, name=names.get(defect["material"] or "")) for defect in notice.defects],
    )


def refusal(document: Refusal) -> RefusalDocument:
    """Show the refusal."""
    return RefusalDocument(
        case_no=document.case_no,
        issued_at=document.issued_at,
        issued_by=document.issued_by,
        ground=RefusalGround(document.ground),
        reason=document.reason,
        competent_body=document.competent_body,
        remedies=document.remedies,
    )
