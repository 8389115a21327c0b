"""The handling of accepted cases as its clients see it: files, clocks, decisions, the district."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from onewindow_shared.contracts.common import AreaCode, CommunityCode, Contract, Moment, Resource, Text
from onewindow_shared.contracts.delays import DelayOut
from onewindow_shared.contracts.delivery import DeliveryOut
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.lamps import Lamp
from onewindow_shared.contracts.lifecycle import CaseStatus
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.parties import Acting
from onewindow_shared.contracts.steps import StepNumber

Subject = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:@-]{1,64}$")]
"""Account of a person: a staff member's user name."""
ShortText = Annotated[Text, StringConstraints(max_length=100)]


class Outcome(StrEnum):
    """What was decided."""

    GRANT = "grant"
    REFUSE = "refuse"


class OffDayKind(StrEnum):
    """How a notice changes a day: off although it may be a weekday, or worked although it is a weekend's."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"


class Officer(Contract):
    """A member of staff."""

    subject: str
    name: str


class AssignmentIn(Contract):
    """Who is to be in charge of a case; whoever the roster says, where nobody is named."""

    officer: Subject | None = None


class DecisionIn(Contract):
    """A decision; a refusal needs its reasons and the remedies open to the applicant (行政许可法 art. 38)."""

    outcome: Outcome
    reasons: Text | None = None
    remedies: Text | None = None
    """Where and until when to ask for reconsideration or to sue."""


class DecisionOut(Contract):
    outcome: Outcome
    reasons: str | None
    remedies: str | None
    decided_at: Moment
    decided_by: str
    """Name of the deciding officer."""


class ReopeningIn(Contract):
    """Why a case is handled again; steps of its procedure are done again from one on, if one is named."""

    reason: Text
    again_from: StepNumber | None = None


class ReopeningOut(Contract):
    """A reopening, and the outcome that the case had until then."""

    at: Moment
    by: str
    """Name of the head."""
    reason: str | None
    """Null for whoever applied."""
    decision: DecisionOut | None
    """Null for what was decided at the window."""
    delivery: DeliveryOut | None
    closed_at: Moment
    on_time: bool


class WithdrawalIn(Contract):
    """The applicant takes the case back."""

    acting: Acting | None = None
    """Who asks for it on the applicant's side; the applicant unless given."""
    reason: Text | None = None


class CaseRow(Resource):
    """A case as a line of a list."""

    case_no: CaseNo
    item_name: str
    department: str
    community: CommunityCode
    applicant: str
    """Masked name."""
    status: CaseStatus
    accepted_on: date
    promised_due_on: date
    provisional: bool
    """The promised date crosses days that the State Council has not published yet."""
    overdue: bool
    lamp: Lamp | None
    """Of the promised day, as it is now; null while there is time enough, and once the case has ended."""
    handler: Officer | None


class CaseFileOut(CaseRow):
    """The file of a case; its limits are explained by its clock."""

    answerable: Officer | None
    """The one person who answers for it today: in charge, standing in, or until then the first asked."""
    item_code: str
    item_version: int
    category: str
    channel: str
    first_contact_officer: str
    """The first person asked (首问责任人)."""
    first_contact_released_at: Moment | None
    """When whoever is in charge took over from them; until then they follow the case."""
    agency_requested: bool
    received_at: Moment
    accepted_at: Moment
    promised_days: int
    statutory_days: int
    statutory_due_on: date
    statutory_provisional: bool
    calendar_version: str
    """State of the calendar from which the limits were counted."""
    decision: DecisionOut | None
    delivery: DeliveryOut | None
    closed_at: Moment | None
    on_time: bool | None
    """Whether it was closed by the end of the promised day; null until then."""
    reopened_at: Moment | None
    """When it was last taken up again; its limits run from then."""
    delay: DelayOut | None
    """That it was not done by its promised day, and why; the last one."""


class CaseActions(Contract):
    """What the caller may do with a case now, by what follows the case in the route's address."""

    case_no: CaseNo
    version: int
    actions: Sequence[str]


class Queue(Contract):
    """Open cases within one's reach, by what they wait for; counted up to `most`, which means: or more."""

    mine: int
    """In one's charge, or in that of somebody for whom one stands in."""
    team: int
    """All within one's reach."""
    offered: int
    """Hand-offs that wait for one's answer."""
    unassigned: int
    due_today: int
    overdue: int
    """Their promised day is over: the red lamp is lit."""
    due_soon: int
    """The yellow lamp is lit."""
    followed: int
    """One was asked first, and nobody has taken over yet."""
    asked: int
    """Supervisions that wait for one's answer: of one's cases, or at one's level."""
    waiting_for_resident: int
    """Papers are still to come (容缺受理), a special procedure needs them, or an outcome is to be taken."""
    most: int


class AgeingStep(Contract):
    """Open cases whose promised day lies so many calendar days from today, both ends included."""

    from_days: int | None
    """Negative where that day is over; None for any number before `to_days`."""
    to_days: int | None
    """None for any number from `from_days` on."""
    cases: int


class Ageing(Contract):
    """Open cases of an area by how near their promised day is; counted up to `most`, which means: or more."""

    area: AreaCode | None
    """None for all within one's reach."""
    as_of: date
    steps: list[AgeingStep]
    """The longest overdue first."""
    most: int


class TimelineEntry(Contract):
    """Something that happened to a case; entries are only ever added."""

    at: Moment
    step: str
    status: CaseStatus
    by: str
    """Name of a member of staff, `applicant`, or `system`."""
    note: str | None


class CommunityOut(Contract):
    """A community of the register."""

    code: CommunityCode
    name: str
    kind: AreaKind
    street: AreaCode
    street_name: str
    population: int | None
    """Resident population where a public figure is known."""


class DepartmentOut(Contract):
    """A department of a district that decides cases."""

    district: str
    code: str
    name: str
    name_en: str


class OffDay(Contract):
    """A day that a notice of the State Council takes out of its weekday's role."""

    day: date
    kind: OffDayKind
    name: Annotated[Text, StringConstraints(max_length=50)]


class CalendarIn(Contract):
    """A year's notice on holidays: days off and days worked to make up for them."""

    notice: ShortText
    """Number of the notice, e.g. 国办发明电〔2025〕7号."""
    source: Annotated[Text, StringConstraints(max_length=500)] | None = None
    """Where it was published."""
    days: Annotated[list[OffDay], Field(min_length=1, max_length=120)]


class CalendarDayOut(Contract):
    day: date
    kind: OffDayKind
    name: str


class CalendarStatus(StrEnum):
    """How sure a year of the calendar is."""

    PROVISIONAL = "provisional"
    """Not published: estimated, so limits that cross it may move."""
    PUBLISHED = "published"
    CORRECTED = "corrected"
    """Published, and changed since, by a correction or by the notice of the year after."""


class CalendarOut(Contract):
    """The exceptions of a year from the working week of Monday to Friday."""

    year: int
    published: bool
    """False: estimated, with the holidays of fixed date only; limits that cross it are provisional."""
    status: CalendarStatus
    revision: int
    """Grows with each change; 0 for an estimated year."""
    notice: str | None
    source: str | None
    days: Sequence[CalendarDayOut]
