"""Cases as intake shows them: masked, with their documents, their history and what can be done next."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.checklist import CorrectionLine, MaterialOut
from onewindow_shared.contracts.common import Contract, Moment, Resource
from onewindow_shared.contracts.identity import IdKind
from onewindow_shared.contracts.intake import Channel, DuplicateChoice, ServiceCategory
from onewindow_shared.contracts.lifecycle import CaseAction, CaseStatus
from onewindow_shared.contracts.limits import ExplainedDay
from onewindow_shared.contracts.parties import Acting, ConsentBy, Guardianship, Power, Relation
from onewindow_shared.contracts.reviews import ReviewInvitation


class MaskedPerson(Contract):
    """A person as shown in public notices."""

    name: str
    id_kind: IdKind
    id_number: str
    mobile: str


class EntrustmentOut(Contract):
    """What an agent was entrusted with, and for how long."""

    scope: Sequence[Power]
    begins_on: date
    ends_on: date
    document: str | None
    seen_by: str | None


class MaskedAgent(MaskedPerson):
    """An entrusted person."""

    entrustment: EntrustmentOut | None
    """Null in cases from before letters of entrustment were kept; such an agent may do nothing further."""


class MaskedGuardian(MaskedPerson):
    """Who acts for whoever cannot act alone."""

    relation: Guardianship


class MaskedMember(Contract):
    """A member of the household."""

    name: str
    id_kind: IdKind
    id_number: str
    mobile: str | None
    relation: Relation
    consent_by: ConsentBy


class ConsentOut(Contract):
    """What was agreed to, by whom and when."""

    purpose: str
    text_version: str
    given_at: Moment
    by: ConsentBy
    reuse: bool
    """What is handed in may be used again for later applications of the same person."""
    withdrawn_at: Moment | None
    """From then on the data serve only what the law itself asks for (个人信息保护法 arts. 13(3), 15)."""


class CaseCreated(Resource):
    """Answer to an application; the tracking code is shown here and on the receipt only."""

    case_no: str
    tracking_code: str
    status: CaseStatus
    item_code: str
    item_version: int
    item_name: str
    applicant: MaskedPerson
    received_at: Moment
    notice_due_at: Moment | None
    """Until when a notice has to be given; without one the case counts as accepted from its receipt."""
    accepted_on: date | None
    due_on: date | None
    provisional: bool
    receipt_printed: bool
    """This channel hands over the receipt on paper."""


class Shares(Contract):
    """Who answers for which part of a case that one community takes in for another (全城通办)."""

    accepts: str
    """The community whose window takes it in and accepts it on behalf of the other."""
    decides: str
    """The community whose authority handles and decides it."""
    hands_back: str
    """The community whose window hands the result to the applicant."""


class CaseSummary(Contract):
    """A case in lists."""

    case_no: str
    version: int
    status: CaseStatus
    item_code: str
    item_name: str
    category: ServiceCategory
    department: str
    community: str
    shares: Shares | None
    """Null where one community does it all."""
    channel: Channel
    first_contact_officer: str | None
    responsible_officer: str | None
    """Who answers for it now (首问负责); null until a window has taken it from the web."""
    applicant: str
    """Masked name."""
    received_at: Moment
    notice_due_at: Moment | None
    answer_due_at: Moment | None
    """Until when an answer is in time; what came online is to be answered sooner."""
    correction_due_at: Moment | None
    supplement_due_at: Moment | None
    """When the next paper of a tolerant acceptance is missed."""
    due_on: date | None
    provisional: bool
    """The due date rests on a year whose holidays are not published yet."""
    undecided: bool
    """Taken in offline, and its window has still to decide about an earlier case that may be the same."""


class CaseOut(Resource):
    """A case with masked particulars."""

    case_no: str
    status: CaseStatus
    item_code: str
    item_version: int
    item_name: str
    category: ServiceCategory
    department: str
    community: str
    shares: Shares | None
    """Null where one community does it all."""
    grid: str | None
    """The grid cell in which the matter lies, where it was told."""
    channel: Channel
    first_contact_officer: str | None
    responsible_officer: str | None
    """Who answers for it now (首问负责); null until a window has taken it from the web."""
    applicant: MaskedPerson
    agent: MaskedAgent | None
    guardian: MaskedGuardian | None
    household: Sequence[MaskedMember]
    posted_as: Acting
    """Who handed it in."""
    consent: ConsentOut
    agency_requested: bool
    materials: Sequence[MaterialOut]
    corrections: Sequence[CorrectionLine]
    """What the one notice of corrections lists; empty where none was given."""
    originals_held: int
    """Paper originals in the office's keeping that are not returned yet."""
    duplicate: DuplicateChoice | None
    """What the window decided about an earlier case."""
    undecided: bool
    """Taken in offline, and its window has still to decide about an earlier case that may be the same."""
    remark: str | None
    received_at: Moment
    notice_due_at: Moment | None
    """When the case counts as accepted without a notice; null where it is not waiting for one."""
    answer_due_at: Moment | None
    """Until when an answer is in time; what came online is to be answered sooner."""
    correction_due_at: Moment | None
    supplement_due_at: Moment | None
    """When the next paper of a tolerant acceptance is missed; null once all were handed in or declared."""
    accepted_at: Moment | None
    accepted_on: date | None
    """The day the limits run from."""
    statutory_days: int
    promised_days: int
    due_on: date | None
    provisional: bool
    ended_on: date | None


class NextActions(Contract):
    """What the caller may do with a case now."""

    case_no: str
    version: int
    status: CaseStatus
    actions: Sequence[CaseAction]


class HistoryEntry(Contract):
    """Something that happened to a case."""

    at: Moment
    step: str
    label: str
    status: CaseStatus
    by: str
    """Account that did it; a service where it happened by itself."""
    acting: Acting | None
    """In whose quality, where somebody did it for the applicant's side."""


class PersonOut(Contract):
    """A person's full particulars."""

    name: str
    id_kind: IdKind
    id_number: str
    mobile: str
    address: str | None = None


class GuardianOut(PersonOut):
    """A guardian's full particulars."""

    relation: Guardianship


class MemberOut(Contract):
    """A household member's full particulars."""

    name: str
    id_kind: IdKind
    id_number: str
    mobile: str | None
    relation: Relation


class CaseParticulars(Contract):
    """Full particulars of a case; reading them is written down."""

    case_no: str
    minor: bool
    """One of them is under 18 by their document."""
    applicant: PersonOut
    agent: PersonOut | None
    guardian: GuardianOut | None
    household: Sequence[MemberOut]


class PublicStep(Contract):
    """Something that happened to a case, for everyone who holds the receipt."""

    at: Moment
    step: str
    label: str
    told: str
    """The same in a sentence."""


class Party(StrEnum):
    """Who a case waits for."""

    APPLICANT = "applicant"
    OFFICE = "office"
    """The community that received the case."""
    DEPARTMENT = "department"
    """The authority that decides it."""


class ToldDay(ExplainedDay):
    """One day of a limit with what it means in words."""

    told: str


class TrackedLimit(Contract):
    """Until when something is awaited, and how that day came about."""

    working_days: int
    """Days that are counted; 0 for a date that was set, which moves on to a working day."""
    start: date
    """The day from which they are counted, itself not one of them; or the date that was set."""
    ends_at: Moment
    provisional: bool
    over: bool
    told: str
    days: Sequence[ToldDay]
    """From the start to the last day; empty for a limit too long to be told day by day."""


class AwaitedPaper(Contract):
    """A paper that the applicant still has to bring."""

    name: str
    until: Moment


class AwaitedLine(Contract):
    """A line of the notice of corrections, about no paper, that the applicant still has to meet."""

    line: int
    told: str
    """Where to read it: its own words stand on the notice alone, since they may name somebody."""
    until: Moment


class Awaited(Contract):
    """What a case waits for, and why."""

    party: Party
    of: str
    """Whom it waits for, in words."""
    what: str
    why: str
    papers: Sequence[AwaitedPaper]
    lines: Sequence[AwaitedLine]
    limit: TrackedLimit | None
    """Null where the time is not known."""


class PublicContact(Contract):
    """Whom to ask about a case."""

    office: str
    phone: str


class TrackedCase(Contract):
    """Where a case stands, for whoever holds its receipt; no personal data beyond the masked name."""

    case_no: str
    item_name: str
    status: CaseStatus
    status_label: str
    applicant: str
    received_at: Moment
    correction_due_at: Moment | None
    supplement_due_at: Moment | None
    """When the next paper of a tolerant acceptance is missed; null while none is owed."""
    due_on: date | None
    provisional: bool
    timeline: Sequence[PublicStep]
    """The latest steps, or the latest before `cursor`; oldest first."""
    earlier: str | None
    """The `cursor` that shows the steps before these, with the code again; null where these are the first."""
    awaited: Awaited | None
    """Null once the case has ended."""
    next_step: str
    """What follows, in a sentence."""
    review: ReviewInvitation | None
    """Where the applicant can review the handling, or follow up, and until when."""
    contact: PublicContact
