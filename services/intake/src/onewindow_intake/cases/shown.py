"""Cases as contracts; particulars are masked."""

from collections.abc import Sequence
from datetime import date, datetime

from onewindow_intake.cases import people
from onewindow_intake.cases.labels import step_label
from onewindow_intake.cases.lines import Line
from onewindow_intake.cases.models import AGENT, APPLICANT, DUPLICATE_CHOICE, REMARK, Case, Entry
from onewindow_intake.checklist import rules as checklist
from onewindow_intake.checklist.remarks import opened
from onewindow_intake.checklist.rules import Paper
from onewindow_intake.parties import people as parties
from onewindow_intake.parties.rules import is_minor
from onewindow_shared.contracts.cases import (
    CaseOut,
    CaseParticulars,
    CaseSummary,
    ConsentOut,
    EntrustmentOut,
    HistoryEntry,
    MaskedAgent,
    Shares,
)
from onewindow_shared.contracts.catalogue import ItemGuide, ItemMaterial
from onewindow_shared.contracts.checklist import CorrectionLine, MaterialOut, Pieces
from onewindow_shared.contracts.intake import Channel, DuplicateChoice, ServiceCategory
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.parties import Acting, ConsentBy
from onewindow_shared.plumbing.privacy import Vault

CONSENT_PURPOSE = "case_handling"
"""What applicants agree to; their data are used for nothing else."""
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
        shares=_shares(case),
        channel=Channel(case.channel),
        first_contact_officer=case.first_contact_officer or None,
        responsible_officer=case.responsible_officer or None,
        applicant=case.applicant_masked,
        received_at=case.received_at,
        notice_due_at=open_notice(case),
        answer_due_at=case.answer_due_at if case.status == CaseStatus.RECEIVED else None,
        correction_due_at=case.correction_due_at,
        supplement_due_at=case.supplement_due_at,
        due_on=case.due_on,
        provisional=case.provisional,
        undecided=case.undecided_about is not None,
    )


def _shares(case: Case) -> Shares | None:
    if case.accepting_community is None:
        return None
    return Shares(
        accepts=case.accepting_community,
        decides=case.community,
        hands_back=case.result_at or case.accepting_community,
    )


def whole(vault: Vault, case: Case, guide: ItemGuide, lines: Sequence[Line]) -> CaseOut:
    """Show a case with its check-list and the lines of its notice of corrections."""
    return CaseOut(
        **summary(case).model_dump(exclude={"applicant"}),
        item_version=case.item_version,
        grid=case.grid,
        applicant=people.masked(people.opened(vault, case.applicant_sealed, APPLICANT)),
        agent=_agent(vault, case),
        guardian=parties.masked_guardian(vault, case.parties),
        household=parties.masked_household(vault, case.parties),
        posted_as=Acting(case.posted_as),
        consent=_consent(case),
        agency_requested=case.agency_requested,
        materials=_materials(vault, case, guide),
        corrections=[_correction(line) for line in lines],
        originals_held=case.originals_held,
        duplicate=_duplicate(vault, case),
        remark=vault.opened(case.remark_sealed, purpose=REMARK),
        accepted_at=case.accepted_at,
        accepted_on=case.accepted_on,
        statutory_days=case.statutory_days,
        promised_days=case.promised_days,
        ended_on=case.ended_on,
    )


def _duplicate(vault: Vault, case: Case) -> DuplicateChoice | None:
    choice = vault.opened(case.duplicate_choice_sealed, purpose=DUPLICATE_CHOICE)
    return None if choice is None else DuplicateChoice.model_validate_json(choice)


def open_notice(case: Case) -> datetime | None:
    """Return until when a notice can be given, while one still can."""
    return case.notice_due_at if case.status == CaseStatus.RECEIVED else None


def _agent(vault: Vault, case: Case) -> MaskedAgent | None:
    if case.agent_sealed is None:
        return None
    person = people.masked(people.opened(vault, case.agent_sealed, AGENT))
    letter = case.entrustment
    return MaskedAgent(
        **person.model_dump(), entrustment=None if letter is None else EntrustmentOut.model_validate(letter)
    )


def masked_name(vault: Vault, case: Case, acting: Acting) -> str:
    """Name who acts in a quality in a case; the applicant where nobody else does."""
    agent, guardian = _agent(vault, case), parties.masked_guardian(vault, case.parties)
    somebody = {Acting.AGENT: agent, Acting.GUARDIAN: guardian}.get(acting)
    return case.applicant_masked if somebody is None else somebody.name


def _consent(case: Case) -> ConsentOut:
    return ConsentOut(
        purpose=CONSENT_PURPOSE,
        text_version=case.consent_text,
        given_at=case.consented_at,
        by=ConsentBy(case.consented_by),
        reuse=case.consent_reuse,
        withdrawn_at=case.consent_withdrawn_at,
    )


def _materials(vault: Vault, case: Case, guide: ItemGuide) -> list[MaterialOut]:
    known, remarked = checklist.papers(case.materials), opened(vault, case.material_remarks_sealed)
    return [
        _material(paper, known.get(paper.code, checklist.UNKNOWN), remarked.get(paper.code))
        for paper in guide.materials
    ]


def _material(asked: ItemMaterial, known: Paper, remark: str | None) -> MaterialOut:
    return MaterialOut(
        code=asked.code,
        name=asked.name,
        required=asked.required,
        applies_when=asked.applies_when,
        deferrable=asked.deferrable,
        form=asked.form,
        form_stated=asked.form_stated,
        copies_asked=asked.copies,
        received=known.received,
        declared=known.declared,
        pieces=known.pieces,
        lacks=Pieces() if known.received else checklist.lacking(asked, known.pieces),
        documents=known.documents,
        remark=remark,
        received_at=known.at if known.received else None,
        seen_at=known.seen_at,
        seen_by=known.seen_by,
        origin=known.origin,
    )


def _correction(line: Line) -> CorrectionLine:
    return CorrectionLine(
        line=line.number,
        material=line.defect.material,
        problem=line.defect.problem,
        state=line.state,
        since=line.at,
        seen_by=line.seen_by,
    )


def particulars(vault: Vault, case: Case, today: date) -> CaseParticulars:
    """Show who everybody is, in full."""
    applicant = people.opened(vault, case.applicant_sealed, APPLICANT)
    agent = people.opened(vault, case.agent_sealed, AGENT) if case.agent_sealed else None
    guardian = parties.guardian(vault, case.parties)
    household = parties.household(vault, case.parties)
    everybody = (applicant, agent, guardian, *household)
    return CaseParticulars(
        case_no=case.case_no,
        minor=any(is_minor(people.document_of(person), today) for person in everybody if person),
        applicant=applicant,
        agent=agent,
        guardian=guardian,
        household=household,
    )


def entry(entry: Entry) -> HistoryEntry:
    """Show something that happened to a case."""
    return HistoryEntry(
        at=entry.at,
        step=entry.step,
        label=step_label(entry.step),
        status=CaseStatus(entry.status),
        by=entry.by,
        acting=Acting(entry.acting) if entry.acting else None,
    )
