"""Everything that posting an application writes, as plain rows; nothing is read or written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from onewindow_intake.cases import people
from onewindow_intake.cases.channels import WAYS
from onewindow_intake.cases.filing import Checked, Filing, Row
from onewindow_intake.cases.history import doer
from onewindow_intake.cases.likes import likes
from onewindow_intake.cases.models import AGENT, APPLICANT, DUPLICATE_CHOICE, INDEX, NAME_INDEX, REMARK
from onewindow_intake.cases.moving import NOTICE_DUE
from onewindow_intake.cases.shown import TRACKING
from onewindow_intake.cases.visits import came_on
from onewindow_intake.checklist import remarks
from onewindow_intake.checklist import rules as checklist
from onewindow_intake.drafts.rules import Begun
from onewindow_intake.duplicates.rules import Traits, Weighing, traits
from onewindow_intake.instant import rules as instant
from onewindow_intake.instant.models import REASONS
from onewindow_intake.issued.posted import documents
from onewindow_intake.papers import frozen
from onewindow_intake.parties import rules as parties
from onewindow_intake.parties.people import rows as people_of
from onewindow_intake.parties.rules import consent_by
from onewindow_intake.worklists.rules import NUMBER_END
from onewindow_shared.contracts.cases import CaseCreated
from onewindow_shared.contracts.events import CaseAccepted
from onewindow_shared.contracts.intake import CaseIn
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.numbers import tracking_code
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.plumbing.outbox import outbox_rows
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.scope import place, taken_in

FIRST_VERSION = 1
ENTRUSTMENT_ENDS, GUARDIANSHIP_ENDS = "entrustment.ends", "guardianship.ends"
AUDITED = ("status", "version", "item_code", "item_version", "channel", "posted_as")
"""What of a case the audit of its posting says."""


@dataclass(frozen=True)
class Filed:
    """The rows of one application."""

    key: tuple[str, str]
    record: Row
    case: Row
    applicant: Traits
    parties: Sequence[Row]
    entries: Sequence[Row]
    audit: Row
    counts: Sequence[tuple[Metric, date]]
    timers: Sequence[Row]
    outbox: Sequence[Row]
    papers: Sequence[Row]
    """The documents that it leaves."""
    offline: Sequence[Row] = ()
    """What the client called it that made it offline."""
    decisions: Sequence[Row] = ()
    """What was decided in the same visit."""
    weighing: Weighing | None = None
    """What a window makes of earlier cases of the same person and item, where it has to decide."""
    begun: Begun | None = None
    """The draft that it was, which goes with the writing."""


def filed(checked: Checked, case_no: str, record: Row, vault: Vault, service: str) -> Filed:
    """Write the rows of an application; `record` is the row of its `Idempotency-Key`, without the answer."""
    filing = checked.filing
    case = _case(checked, case_no, vault)
    answer = _answer(checked, case, vault)
    papers = [frozen.row(vault, one, 1) for one in documents(checked, case, answer.tracking_code)]
    accepted = checked.limit is not None
    event = [_accepted(checked, case)] if accepted else []
    return Filed(
        key=(record["subject"], record["key"]),
        record={**record, "body": answer.model_dump_json().encode()},
        case=case,
        applicant=traits(filing.form.applicant),
        parties=people_of(vault, filing.form, case_no, INDEX, NAME_INDEX),
        entries=_entries(checked, case_no),
        audit=_audit(checked, case, papers),
        counts=_counts(checked),
        timers=_timers(checked, case),
        outbox=[row for told in event for row in outbox_rows(told, source=service, now=filing.now)],
        papers=papers,
        decisions=_decisions(filing, case_no, vault),
    )


def _accepted(checked: Checked, case: Row) -> CaseAccepted:
    filing = checked.filing
    papers = checklist.papers(checked.materials)
    days = came_on(filing.form.channel, filing.received_on, papers.values(), filing.zone)
    return CaseAccepted.model_validate({**case, **checked.offer.handling, "came_on": days})


def _counts(checked: Checked) -> list[tuple[Metric, date]]:
    today = checked.filing.done_on
    counts = [(Metric.CASES_RECEIVED, checked.filing.received_on)]
    if checked.limit:
        counts.append((Metric.CASES_ACCEPTED, today))
    if checked.filing.form.decide:
        counts.append((Metric.CASES_CLOSED_INSTANTLY, today))
    return counts


def _decisions(filing: Filing, case_no: str, vault: Vault) -> list[Row]:
    decide = filing.form.decide
    if decide is None:
        return []
    row = instant.decision(decide, case_no, filing.terms.remedies, filing.done_at, filing.actor.subject)
    return [{**row, "reasons_sealed": vault.sealed(decide.reasons, purpose=REASONS)}]


def _case(checked: Checked, case_no: str, vault: Vault) -> Row:
    filing, form, guide = checked.filing, checked.filing.form, checked.offer.guide
    mine = filing.own
    asked_first = form.first_contact_officer or ("" if mine else filing.actor.subject)
    limit = checked.limit
    return {
        "case_no": case_no,
        "number_end": case_no[-NUMBER_END:],
        "version": FIRST_VERSION,
        "status": checked.status,
        **place(form.community),
        **taken_in(form.accepting_community),
        "result_at": (form.result_at or form.accepting_community) if form.accepting_community else None,
        "item_code": guide.code,
        "item_version": guide.version,
        "item_override": guide.override,
        "item_name": guide.name,
        "category": guide.category,
        "department": guide.department,
        "channel": form.channel,
        "grid": form.grid,
        "applicant_subject": filing.actor.subject if mine else None,
        "applicant_masked": mask_name(form.applicant.name),
        "applicant_sealed": people.seal(vault, form.applicant, APPLICANT),
        "applicant_index": vault.blind_index(form.applicant.id_document.lookup_key, purpose=INDEX),
        "name_index": vault.blind_index(form.applicant.name, purpose=NAME_INDEX),
        **likes(vault, form.applicant),
        "agent_sealed": people.seal(vault, form.agent, AGENT) if form.agent else None,
        "entrustment": form.agent.entrustment.model_dump(mode="json") if form.agent else None,
        "posted_as": filing.acting,
        "agency_requested": form.agency_requested,
        "first_contact_officer": asked_first,
        "responsible_officer": asked_first,
        "materials": checked.materials,
        "material_remarks_sealed": remarks.sealed(vault, _remarks(form)),
        "originals_held": 0,
        "duplicate_choice_sealed": vault.sealed(
            form.duplicate.model_dump_json() if form.duplicate else None, purpose=DUPLICATE_CHOICE
        ),
        "undecided_about": None,
        "remark_sealed": vault.sealed(form.remark, purpose=REMARK),
        "consented_at": (form.consent.given_at or filing.received_at).astimezone(UTC),
        "consented_by": consent_by(form),
        "consent_reuse": form.consent.reuse,
        "consent_text": form.consent.text_version or filing.terms.consent_text,
        "received_at": filing.received_at,
        "received_on": filing.received_on,
        "notice_days": filing.terms.notice_days,
        "notice_due_at": checked.notice_due_at,
        "answer_days": checked.answer_days,
        "answer_due_at": checked.answer_due_at,
        "complete_on": checked.complete_on,
        "accepted_at": filing.done_at if limit else None,
        "accepted_on": filing.done_on if limit else None,
        "statutory_days": guide.statutory_days,
        "promised_days": guide.promised_days,
        "due_on": limit.day if limit else None,
        "provisional": limit.provisional if limit else False,
        "ended_on": filing.done_on if form.decide else None,
    }


def _remarks(form: CaseIn) -> dict[str, str]:
    return checklist.remarked({}, {paper.code: paper.remark for paper in form.materials})


def _answer(checked: Checked, case: Row, vault: Vault) -> CaseCreated:
    return CaseCreated(
        version=FIRST_VERSION,
        case_no=case["case_no"],
        tracking_code=tracking_code(vault.derive(TRACKING), case["case_no"]),
        status=checked.status,
        item_code=case["item_code"],
        item_version=case["item_version"],
        item_name=case["item_name"],
        applicant=people.masked(people.particulars(checked.filing.form.applicant)),
        received_at=case["received_at"],
        notice_due_at=None if checked.limit else checked.notice_due_at,
        accepted_on=case["accepted_on"],
        due_on=case["due_on"],
        provisional=case["provisional"],
        receipt_printed=WAYS[checked.filing.form.channel].receipt_printed,
    )


def _entries(checked: Checked, case_no: str) -> list[Row]:
    filing = checked.filing
    by = doer(filing.actor)
    received = {"case_no": case_no, "at": filing.received_at, "step": "received", "by": by}
    received["acting"] = filing.acting
    entries = [{**received, "status": CaseStatus.RECEIVED}]
    if checked.limit:
        step = "decided_at_once" if filing.form.decide else "accepted"
        entries.append(
            {**received, "at": filing.done_at, "step": step, "status": checked.status, "acting": None}
        )
    return entries


def _audit(checked: Checked, case: Row, papers: Sequence[Row]) -> Row:
    actor = checked.filing.actor
    return {
        "at": checked.filing.now,
        "actor": actor.subject,
        "roles": sorted(actor.roles),
        "action": "case.posted",
        "entity_type": "case",
        "entity_id": case["case_no"],
        "area": case["community"],
        "reason_sealed": None,
        "reason_mark": None,
        "request_id": actor.request_id,
        "detail": {
            **{key: case[key] for key in AUDITED},
            "papers": {paper["kind"]: paper["content_hash"] for paper in papers},
        },
    }


def _account_ends(filing: Filing) -> dict[str, datetime]:
    """Say when whoever posted for somebody else acts for them no longer."""
    form = filing.form
    if filing.acting is Acting.AGENT and form.agent is not None:
        return {ENTRUSTMENT_ENDS: parties.entrusted_until(form.agent.entrustment, filing.zone)}
    document = form.applicant.id_document
    if filing.acting is Acting.GUARDIAN and parties.is_minor(document, filing.received_on):
        of_age = parties.of_age_at(document, filing.zone)
        return {} if of_age is None else {GUARDIANSHIP_ENDS: of_age}
    return {}


def _timers(checked: Checked, case: Row) -> list[Row]:
    due = {} if checked.limit else {NOTICE_DUE: checked.notice_due_at}
    if checked.filing.own:
        due |= _account_ends(checked.filing)
    return [
        {"kind": kind, "entity_id": case["case_no"], "due_at": at, "try_at": at, "tries": 0}
        for kind, at in due.items()
    ]
