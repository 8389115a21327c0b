"""The documents that posting a case leaves, from what is posted; nothing is read."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from onewindow_intake.cases.filing import Checked, Row
from onewindow_intake.cases.history import doer
from onewindow_intake.issued.proofs import OF_THE_CASE, proof
from onewindow_intake.issued.rules import office, remedies
from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.documents_issued import ActedBy, DocumentKind, InstantDecision, Receipt
from onewindow_shared.contracts.intake import InstantDecisionIn
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.masking import mask_name
from onewindow_shared.contracts.parties import Acting

NOT_YET: Mapping[str, Any] = {"accepted_on": None, "due_on": None, "provisional": False}
"""What a receipt does not know yet, even if the case is accepted in the same visit."""


def documents(checked: Checked, case: Row, code: str) -> Iterator[Receipt | InstantDecision]:
    """Yield the receipt, and what was accepted or decided in the same visit; `code` is for tracking."""
    receipt = _receipt(checked, case, code)
    yield receipt
    if checked.filing.form.decide is not None:
        yield _decision(checked, case, checked.filing.form.decide)
    elif checked.limit is not None:
        yield receipt.model_copy(update=_acceptance(checked, case))


def _receipt(checked: Checked, case: Row, code: str) -> Receipt:
    told = {
        **{column: case[column] for column in OF_THE_CASE},
        **NOT_YET,
        "tracking_code": code,
        "notice_due_at": checked.notice_due_at if case["status"] == CaseStatus.RECEIVED else None,
        "first_contact_officer": case["first_contact_officer"] or None,
    }
    head = _head(checked, case, DocumentKind.RECEIPT, case["received_at"])
    return proof(DocumentKind.RECEIPT, head, told, checked.offer.guide.materials, checked.papers)


def _acceptance(checked: Checked, case: Row) -> dict[str, Any]:
    """Return what an acceptance in the same visit says otherwise than the receipt."""
    kind = DocumentKind.ACCEPTANCE
    return {
        "kind": kind,
        "office": _office(checked, kind),
        "issued_at": checked.filing.done_at,
        **{column: case[column] for column in NOT_YET},
    }


def _decision(checked: Checked, case: Row, decide: InstantDecisionIn) -> InstantDecision:
    filing = checked.filing
    told = filing.terms.remedies if decide.outcome is Outcome.REFUSE else None
    return InstantDecision(
        **_head(checked, case, DocumentKind.INSTANT_DECISION, filing.done_at),
        kind=DocumentKind.INSTANT_DECISION,
        outcome=decide.outcome,
        reasons=decide.reasons,
        remedies=told and remedies(told, checked.names.district),
    )


def _head(checked: Checked, case: Row, kind: DocumentKind, at: datetime) -> dict[str, Any]:
    names, form = checked.names, checked.filing.form
    return {
        "case_no": case["case_no"],
        "item_code": case["item_code"],
        "item_name": case["item_name"],
        "applicant": case["applicant_masked"],
        "acted": _acted(checked, case),
        "household": [mask_name(member.name) for member in form.household],
        "community": form.community,
        "office": _office(checked, kind),
        "window": names.window,
        "issued_at": at,
        "issued_by": doer(checked.filing.actor),
    }


def _office(checked: Checked, kind: DocumentKind) -> str:
    names = checked.names
    return office(kind, checked.offer.guide.handled_by, names.department, names.community)


def _acted(checked: Checked, case: Row) -> ActedBy:
    acting, form = checked.filing.acting, checked.filing.form
    somebody = {Acting.AGENT: form.agent, Acting.GUARDIAN: form.guardian}.get(acting)
    return ActedBy(acting=acting, name=mask_name(somebody.name) if somebody else case["applicant_masked"])
