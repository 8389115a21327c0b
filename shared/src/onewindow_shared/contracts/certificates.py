"""Certificates of residents' committees: what may be certified, and the life of one (民发〔2020〕20号)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.admission import Basis
from onewindow_shared.contracts.common import Code, CommunityCode, Contract, Moment, ReadOff, Resource, Text
from onewindow_shared.contracts.identity import IdDocument, IdKind, PersonName

CertificateNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{26}$")]
"""Community, day of application, serial of that day and check digit."""
Wording = Annotated[Text, StringConstraints(max_length=200)]
Note = Annotated[Text, StringConstraints(max_length=500)]


class Verdict(StrEnum):
    """Whether a committee issues a certificate."""

    MAY_ISSUE = "may_issue"
    NOT_ISSUED = "not_issued"
    UNKNOWN = "unknown"
    """On no list: a new demand goes to admission; nobody guesses."""


class CheckIn(Contract):
    """Which certificate somebody was asked for, in their own words."""

    community: CommunityCode
    wording: Annotated[Wording, Field(examples=["给我开个没有犯罪的证明"])]


class KnownCertificate(Contract):
    """A certificate that a list names."""

    code: str
    name: str
    verdict: Verdict
    basis: list[Basis]
    instead: str | None
    """Who issues it, where the committee does not."""


class CheckOut(Contract):
    """Whether the committee issues it; everything that the wording may mean is named."""

    verdict: Verdict
    matches: list[KnownCertificate]
    """What the wording means; a refusal comes first."""
    similar: list[KnownCertificate]
    """What it may have meant, where nothing is known of it."""
    next_step: str


class CertificateStatus(StrEnum):
    """Where a certificate stands."""

    APPLIED = "applied"
    VERIFIED = "verified"
    ISSUED = "issued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    REPLACED = "replaced"


class CertificateAction(StrEnum):
    """What can be done with one."""

    VERIFY = "verify"
    ISSUE = "issue"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REVOKE = "revoke"
    REPLACE = "replace"


class FactSource(StrEnum):
    """How a fact was verified."""

    REGISTER = "register"
    """The committee's own register of residents."""
    VISIT = "visit"
    DOCUMENT = "document"
    NEIGHBOURS = "neighbours"
    DEPARTMENT = "department"
    """A department's answer."""


class HolderIn(Contract):
    """Whom the certificate is about."""

    name: PersonName
    id_document: IdDocument


class CertificateIn(Contract):
    """An application for a certificate; it costs nothing (民发〔2020〕20号)."""

    community: CommunityCode
    kind: Code
    """Code of a listed certificate, as the check names it."""
    holder: HolderIn
    purpose: Wording
    """What for."""
    recipient: Wording
    """Which body asks for it."""
    statement: Note
    """What is to be certified."""
    complex: bool = False
    """More than the committee's own register is needed; what comes from home always is."""
    replaces: CertificateNo | None = None
    """An issued certificate that this one takes the place of."""


class FactIn(Contract):
    """One fact that was verified."""

    source: FactSource
    finding: Note


class VerificationIn(Contract):
    """What was verified, and how."""

    facts: Annotated[list[FactIn], Field(min_length=1, max_length=20)]


class CertificateRefusalIn(Contract):
    """Why a certificate is refused."""

    reason: Note
    basis: Note


class RevocationIn(Contract):
    """Why an issued certificate is taken back."""

    reason: Note


class CertificateDisclosureIn(Contract):
    """Why somebody needs the full particulars."""

    reason: Annotated[Note, Field(min_length=4)]


class FactOut(Contract):
    """A verified fact, without what was found: that may be personal."""

    source: FactSource
    verified_by: str
    verified_at: Moment


class CertificateRow(Resource):
    """A certificate in a list; its holder is masked."""

    certificate_no: CertificateNo
    community: str
    kind: str
    name: str
    status: CertificateStatus
    holder: str
    applied_at: Moment
    due_on: date
    provisional: bool
    overdue: bool
    """Open, and the day for it is over."""


class CertificateOut(CertificateRow):
    """A certificate, its holder masked."""

    holder_id: str
    complex: bool
    fee_fen: int
    """Always nothing."""
    facts: list[FactOut]
    issued_at: Moment | None
    signed_by: str | None
    reason: str | None
    """Of a refusal or revocation."""
    basis: str | None
    """Of a refusal."""
    instead: str | None
    """Who issues it, where the committee does not."""
    replaces: str | None
    replaced_by: str | None
    actions: list[CertificateAction]
    """What the caller may do with it now."""


class FoundFact(FactOut):
    """A verified fact in full."""

    finding: str


class CertificateParticulars(Contract):
    """Everything that a certificate tells; reading it is written down."""

    certificate_no: CertificateNo
    name: str
    id_kind: IdKind
    id_number: str
    purpose: str
    recipient: str
    statement: str
    facts: list[FoundFact]


class VerifyIn(Contract):
    """Number and code as they stand on the paper."""

    certificate_no: ReadOff
    code: ReadOff


class VerifiedCertificate(Contract):
    """Whether a certificate is genuine and in force, for whoever was handed it."""

    certificate_no: CertificateNo
    name: str
    issued_by: str
    issued_at: Moment
    holder: str
    """Masked."""
    status: CertificateStatus
    valid: bool
    replaced_by: str | None
