"""Events between the services: a CloudEvents envelope, payloads, and who listens to what.

Names are `noun.verb.v1`; a payload only ever gains optional fields. Payloads carry no personal data:
a service that needs a person's particulars asks their owner, who audits it (PIPL art. 6, minimum scope).
"""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from onewindow_shared.contracts.admission import MatterClass, MatterKind
from onewindow_shared.contracts.common import CommunityCode, GridCode, Moment
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.needs import NeedStatus
from onewindow_shared.contracts.parties import Acting, Letter
from onewindow_shared.contracts.steps import PlannedStep
from onewindow_shared.contracts.volunteers import ServiceCategory


class Payload(BaseModel):
    """Data of an event. Unknown fields are ignored: a newer sender does not break an older receiver."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    type: ClassVar[str]
    subscribers: ClassVar[tuple[str, ...]]

    @property
    def key(self) -> str:
        """Partition key: events of one key arrive in the order they were published."""
        raise NotImplementedError


class Envelope(BaseModel):
    """CloudEvents 1.0 in JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: Moment
    data: dict[str, Any]


class CaseAccepted(Payload):
    """A case became binding: the completion clocks start (T5-T8)."""

    type: ClassVar[str] = "case.accepted.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("casework",)
    case_no: str
    item_code: str
    item_version: int
    item_name: str
    category: str
    department: str
    community: CommunityCode
    applicant_subject: str | None
    """Account of the resident where there is one, so that they may see and rate their own case."""
    applicant_masked: str
    channel: str
    first_contact_officer: str
    received_at: Moment
    accepted_at: Moment
    accepted_on: date
    """The day the clocks run from; the receipt's date where acceptance is deemed (行政许可法 art. 32)."""
    status: CaseStatus
    statutory_days: int
    promised_days: int
    agency_requested: bool = False
    originals_held: int = 0
    """Paper originals that the office keeps."""
    steps: list[PlannedStep] = []
    """The procedure of the item's version; without any the case takes the plain path."""
    posted_as: Acting = Acting.APPLICANT
    """In which quality whoever applied did so."""
    entrustment: Letter | None = None
    """What an entrusted person may do, and until when."""
    came_on: list[date] | None = None
    """Days on which the applicant came to a window for it; not known of cases from before this was told."""
    grid: GridCode | None = None
    """The grid cell of its community, where it is known."""
    extension_days: int | None = None
    """By how many working days it may be extended, where its item says so."""
    special_procedures: list[str] = []
    """Those that its item knows; any may come where it names none."""

    @property
    def key(self) -> str:
        return self.case_no


class AccountEnded(Payload):
    """Whoever posted a case for somebody else acts for them no longer; their account reaches it no more."""

    type: ClassVar[str] = "account.ended.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("casework",)
    case_no: str

    @property
    def key(self) -> str:
        return self.case_no


class OriginalsKept(Payload):
    """An office keeps more or fewer paper originals of an accepted case; intake has custody of them."""

    type: ClassVar[str] = "originals.kept.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("casework",)
    case_no: str
    held: int

    @property
    def key(self) -> str:
        return self.case_no


class CaseProgressed(Payload):
    """Something happened to an accepted case that its applicant may follow."""

    type: ClassVar[str] = "case.progressed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("intake",)
    case_no: str
    status: CaseStatus
    step: str
    """What happened, as a stable code: `opened`, `assigned`, `started`, `decided`, `delivered` ..."""
    at: Moment
    due_on: date | None = None
    provisional: bool = False
    version: int | None = None
    """How many things have happened to the case at casework: orders its events, which a clock does not."""
    acting: Acting | None = None
    """In whose quality it was done, where the applicant's side did it."""
    told: str | None = None
    """What its applicant is told of it beyond the step, in plain words that name nobody."""

    @property
    def key(self) -> str:
        return self.case_no


class ReviewInvited(Payload):
    """A handling can be reviewed, or the answer to its bad review be judged; or not any more."""

    type: ClassVar[str] = "review.invited.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("intake",)
    case_no: str
    until: date | None
    """Last day; none where nothing is asked of the applicant now."""
    follow_up: bool = False

    @property
    def key(self) -> str:
        return self.case_no


class CaseSupplemented(Payload):
    """Everything that was to come after a tolerant acceptance is there: the work goes on (T11)."""

    type: ClassVar[str] = "case.supplemented.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("casework",)
    case_no: str
    at: Moment
    came_on: list[date] | None = None
    """All days on which the applicant came to a window for it."""

    @property
    def key(self) -> str:
        return self.case_no


class CaseRevoked(Payload):
    """A paper of a tolerant acceptance did not come by its day: the acceptance has ended (T12)."""

    type: ClassVar[str] = "case.revoked.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("casework",)
    case_no: str
    status: CaseStatus
    """The end: acceptance revoked, or deemed withdrawn."""
    at: Moment
    """When the day was over."""

    @property
    def key(self) -> str:
        return self.case_no


class AreaKind(StrEnum):
    """Kinds of area of the statistical code."""

    DISTRICT = "district"
    STREET = "street"
    RESIDENTS_COMMITTEE = "residents_committee"
    VILLAGERS_COMMITTEE = "villagers_committee"
    OTHER = "other"


class AreaChanged(Payload):
    """An area of the register was added or changed, or will end; casework owns the register."""

    type: ClassVar[str] = "area.changed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("intake", "volunteers", "gateway")
    code: str
    """Prefix of 6, 9 or 12 digits."""
    name: str
    kind: AreaKind
    population: int | None
    revision: int | None = None
    """Grows with each change of the area: what is older than the copy is not taken over."""
    effective_from: date | None = None
    """Its first day, where a decision made it."""
    effective_until: date | None = None
    """Its last day, where a decision ended it."""
    heir: str | None = None
    """The code that stands for it from the day after."""

    @property
    def key(self) -> str:
        return self.code


class PopulationsChanged(Payload):
    """A resident population was entered; all that are entered of the area, as they hold now."""

    type: ClassVar[str] = "populations.changed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("volunteers",)
    code: str
    populations: list[tuple[date, int | None]]
    """Since when it is so, in order, the first day ever where none is told; null where it was taken back."""

    @property
    def key(self) -> str:
        return self.code


class GridCellChanged(Payload):
    """A grid cell was drawn, or will end; casework owns the register."""

    type: ClassVar[str] = "grid.changed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("intake",)
    code: GridCode
    effective_from: date | None
    """Its first day; always, where none is told."""
    effective_until: date | None = None
    """Its last day, once its end is decided, which is for good."""

    @property
    def key(self) -> str:
        return self.code


class DepartmentChanged(Payload):
    """A department of a district is new or has another name; casework owns the register."""

    type: ClassVar[str] = "department.changed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("intake",)
    district: str
    code: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.district}:{self.code}"


class CalendarChanged(Payload):
    """The exceptions of one published calendar year; casework owns the calendar."""

    type: ClassVar[str] = "calendar.changed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("intake", "volunteers")
    year: int
    days: list[tuple[date, str, str]]
    """Day, kind (`holiday` or `makeup`), name."""
    revision: int | None = None
    """Grows with each change of the year: what is older than the copy is not taken over."""

    @property
    def key(self) -> str:
        return str(self.year)


class VolunteerRegistered(Payload):
    """A person became a registered volunteer: their account gains the role."""

    type: ClassVar[str] = "volunteer.registered.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("gateway",)
    volunteer_no: str
    subject: str
    community: CommunityCode

    @property
    def key(self) -> str:
        return self.volunteer_no


class OfficerChanged(Payload):
    """Who works where, as far as a colleague has to know it to hand something over; the gateway owns it."""

    type: ClassVar[str] = "officer.changed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("intake", "casework")
    subject: str
    name: str | None = None
    """What they are called at work; a gateway of before did not tell."""
    roles: list[str]
    """By their codes: a role that the receiver does not know yet says nothing to it."""
    area: str
    """Prefix of 6, 9 or 12 digits."""
    department: str | None
    active: bool
    """The account may sign in."""

    @property
    def key(self) -> str:
        return self.subject


class NeedProgressed(Payload):
    """A resident's need that came up in a case was taken down, or something became of it."""

    type: ClassVar[str] = "need.progressed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("casework",)
    need_id: int
    case_no: str
    community: CommunityCode
    category: ServiceCategory
    status: NeedStatus
    at: Moment
    version: int
    """Grows with each change of the need: what is older than what is known changes nothing."""

    @property
    def key(self) -> str:
        return f"need:{self.need_id}"


class ListedMatterChanged(Payload):
    """A matter of a district's published lists was listed, changed or taken off; casework owns the lists."""

    type: ClassVar[str] = "matter.changed.v1"
    subscribers: ClassVar[tuple[str, ...]] = ("intake",)
    district: str
    code: str
    name: str
    aliases: list[str]
    """Other wordings of the name."""
    phrases: list[str] = Field(default_factory=list)
    """How else people say it; parts apart by a space occur in one clause."""
    areas: list[str] = Field(default_factory=list)
    """District, streets or communities that it concerns; the whole district where none is named."""
    kind: MatterKind
    matter_class: MatterClass
    item_codes: list[str]
    """Service items that are this matter."""
    basis: str
    """The law or policy it rests on, quoted."""
    instead: str | None
    """Who does it, or issues it, where the committee must not."""
    effective_from: date
    effective_until: date | None
    """Last day on which it is listed; none while it stays."""
    revision: int
    """Grows with each change of the matter: what is older than the copy is not taken over."""

    @property
    def key(self) -> str:
        return f"{self.district}:{self.code}"
