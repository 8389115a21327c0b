"""The written documents that the outcomes of a case leave, each with what has to stand on it.

行政许可法 art. 32 asks for written, dated proof of receipt and of refusal; rules B1.3 name the others.
Names are masked: whoever holds the paper knows who they are.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from onewindow_shared.contracts.casework import Outcome
from onewindow_shared.contracts.checklist import Origin, Pieces
from onewindow_shared.contracts.common import Contract, Moment
from onewindow_shared.contracts.custody import SlipLine
from onewindow_shared.contracts.intake import RefusalGround
from onewindow_shared.contracts.outcomes import MissedSupplement, SignedHow
from onewindow_shared.contracts.parties import Acting


class DocumentKind(StrEnum):
    """Kinds of document that are issued in the course of a case until casework has it."""

    RECEIPT = "receipt"
    """收件凭证"""
    ACCEPTANCE = "acceptance"
    """受理通知书"""
    DEEMED_ACCEPTANCE = "deemed_acceptance"
    """视为受理通知书"""
    CORRECTION_NOTICE = "correction_notice"
    """补正材料一次性告知书"""
    NON_ACCEPTANCE = "non_acceptance"
    """不予受理决定书"""
    TOLERANT_PROMISE = "tolerant_promise"
    """容缺受理承诺书"""
    SUPPLEMENT_RECEIPT = "supplement_receipt"
    """容缺材料补交凭证"""
    WITHDRAWAL = "withdrawal"
    """撤回申请凭证"""
    DEEMED_WITHDRAWAL = "deemed_withdrawal"
    """视为撤回申请通知书"""
    REVOCATION = "revocation"
    """撤销受理通知书"""
    INSTANT_DECISION = "instant_decision"
    """当场办结决定书"""
    CUSTODY_SLIP = "custody_slip"
    """材料原件收存凭证"""


class Issued(Contract):
    """A document that a case has."""

    kind: DocumentKind
    issued_at: Moment


class IssuedDocuments(Contract):
    """Every document that a case has, in the order in which they were issued."""

    case_no: str
    documents: Sequence[Issued]


class ActedBy(Contract):
    """Who does something for the applicant's side."""

    acting: Acting
    name: str
    """Masked name."""


class IssuedDocument(Contract):
    """What stands at the head and the foot of every document."""

    case_no: str
    item_code: str
    item_name: str
    applicant: str
    """Masked name."""
    acted: ActedBy | None
    """Who did for the applicant's side what the document is about, or else who applied; null if not known."""
    household: Sequence[str]
    """Masked names of the other members, where a household applies."""
    community: str
    office: str
    """Whose name and seal it carries: the department's for what the law asks of the authority (行政许可法
    art. 32), else the community's."""
    window: str
    """Name of the community whose window took the application in."""
    issued_at: Moment
    issued_by: str
    """Account of whoever issued it; the service where the law did."""


class HandedIn(Contract):
    """A paper on the receipt."""

    code: str
    name: str
    pieces: Pieces
    origin: Origin | None
    """Where it was handed in before, if it is used again."""


class Receipt(IssuedDocument):
    """The written, dated proof (行政许可法 art. 32): of receipt (收件), or of acceptance (受理)."""

    kind: Literal[DocumentKind.RECEIPT, DocumentKind.ACCEPTANCE, DocumentKind.DEEMED_ACCEPTANCE]
    tracking_code: str
    handed_in: Sequence[HandedIn]
    unseen: Sequence[HandedIn] = ()
    """What was uploaded, or by the applicant's word handed in, and the window has not looked at yet."""
    missing: Sequence[str]
    """Names of required papers that are not there, by anybody's word."""
    received_at: Moment
    accepted_on: date | None
    """The day the limits run from; the receipt's where acceptance is deemed."""
    notice_due_at: Moment | None
    statutory_days: int
    promised_days: int
    due_on: date | None
    provisional: bool
    first_contact_officer: str | None


class Defect(Contract):
    """One thing to be corrected, with the name of its paper."""

    material: str | None
    name: str | None
    problem: str


class CorrectionNotice(IssuedDocument):
    """The one written notice of everything to be corrected (行政许可法 art. 32(4))."""

    kind: Literal[DocumentKind.CORRECTION_NOTICE]
    deadline: date
    due_at: Moment
    """Close of business on the deadline, or on the next working day."""
    defects: Sequence[Defect]
    """Its lines, in the order of their numbers from 1."""


class RefusalDocument(IssuedDocument):
    """The written refusal to accept, with reasons and remedies."""

    kind: Literal[DocumentKind.NON_ACCEPTANCE]
    ground: RefusalGround
    reason: str
    competent_body: str | None
    """Whom to turn to where the matter is not ours."""
    unmet: Sequence[Defect]
    """What of the notice of corrections was not met."""
    remedies: str


class DeferredPaper(Contract):
    """A paper that may come later, and what is known of it."""

    code: str
    name: str
    due_on: date
    due_at: Moment
    """Close of business on that day, or on the next working day."""
    received_at: Moment | None
    """When it came, as the window saw it."""


class TolerantPromise(IssuedDocument):
    """The applicant's written promise at a tolerant acceptance, with what happens if it is not kept."""

    kind: Literal[DocumentKind.TOLERANT_PROMISE]
    signed_by: Acting
    signed_how: SignedHow
    signed_at: Moment
    deferred: Sequence[DeferredPaper]
    consequence: MissedSupplement
    accepted_on: date | None
    due_on: date | None
    """End of the promised limit, which runs while papers are awaited."""
    provisional: bool


class SupplementReceipt(IssuedDocument):
    """Proof of what came after a tolerant acceptance, and what is still awaited."""

    kind: Literal[DocumentKind.SUPPLEMENT_RECEIPT]
    handed_in: Sequence[DeferredPaper]
    awaited: Sequence[DeferredPaper]


class WithdrawalSlip(IssuedDocument):
    """Proof that the applicant took the case back."""

    kind: Literal[DocumentKind.WITHDRAWAL]
    reason: str | None
    """In the applicant's words; null where they gave none, or took it back after acceptance."""


class DeemedWithdrawalNotice(IssuedDocument):
    """Word that an application counts as withdrawn, because something did not come in time."""

    kind: Literal[DocumentKind.DEEMED_WITHDRAWAL]
    awaited: Literal["corrections", "supplement"]
    due_at: Moment
    missing: Sequence[str]
    """Names of the papers that did not come, or what was to be corrected."""


class RevocationNotice(IssuedDocument):
    """Word that an acceptance is revoked, with reasons (浙江省保障“最多跑一次”改革规定 art. 11)."""

    kind: Literal[DocumentKind.REVOCATION]
    due_at: Moment
    missing: Sequence[str]
    """Names of the papers that did not come."""
    remedies: str


class InstantDecision(IssuedDocument):
    """The decision on an instant item, made in the same visit (行政许可法 art. 34)."""

    kind: Literal[DocumentKind.INSTANT_DECISION]
    outcome: Outcome
    reasons: str | None
    remedies: str | None
    """What a refusal tells of reconsideration and lawsuit (行政许可法 art. 38)."""


class CustodySlip(IssuedDocument):
    """Proof of which originals an office keeps, and which went back."""

    kind: Literal[DocumentKind.CUSTODY_SLIP]
    responsible_officer: str | None
    lines: Sequence[SlipLine]
    held: int
    """Originals on it that are not returned yet."""


AnyDocument = Annotated[
    Receipt
    | CorrectionNotice
    | RefusalDocument
    | TolerantPromise
    | SupplementReceipt
    | WithdrawalSlip
    | DeemedWithdrawalNotice
    | RevocationNotice
    | InstantDecision
    | CustodySlip,
    Field(discriminator="kind"),
]
"""Any of the documents; `kind` tells which."""
