"""Volunteers as they register and as they are shown (志愿服务记录与证明出具办法 art. 5, rules C4)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

from onewindow_shared.contracts.common import CommunityCode, Contract, Moment, Resource, StatedDay, Text
from onewindow_shared.contracts.identity import IdDocument, IdKind, Mobile, PersonName, Sex
from onewindow_shared.contracts.numbers import VolunteerNo

Choice = TypeVar("Choice")


class VolunteerStatus(StrEnum):
    """Where a registration stands; LEFT is the end."""

    REGISTERING = "registering"
    VERIFIED = "verified"
    REGISTERED = "registered"
    SUSPENDED = "suspended"
    LEFT = "left"


class Capacity(StrEnum):
    """In what capacity somebody registered, by age on that day (民法典 arts. 17-20)."""

    CHILD = "child"
    """未满14周岁: the guardian consents to the data as well (个人信息保护法 art. 31)."""
    YOUTH = "youth"
    """A minor from 14 on, with the legal representative's consent."""
    SELF_SUPPORTING = "self_supporting"
    """A minor from 16 on who lives on their own work and counts as an adult."""
    ADULT = "adult"


class ServiceCategory(StrEnum):
    """What a volunteer wants to help with (北京市志愿服务促进条例, 宁波市志愿服务条例)."""

    COMMUNITY_GOVERNANCE = "community_governance"
    """社区治理"""
    CONVENIENCE = "convenience"
    """便民服务"""
    CARE = "care"
    """养老助残"""
    POVERTY_RELIEF = "poverty_relief"
    """扶贫济困"""
    PUBLIC_SAFETY = "public_safety"
    """平安建设"""
    MEDIATION = "mediation"
    """矛盾调解"""
    SANITATION = "sanitation"
    """环境卫生"""
    WASTE_SORTING = "waste_sorting"
    """垃圾分类"""
    EPIDEMIC_CONTROL = "epidemic_control"
    """疫情防控"""
    DISASTER_RECOVERY = "disaster_recovery"
    """灾后重建"""
    OTHER = "other"


class Availability(StrEnum):
    """When a volunteer can help."""

    WEEKDAY_MORNINGS = "weekday_mornings"
    WEEKDAY_AFTERNOONS = "weekday_afternoons"
    WEEKDAY_EVENINGS = "weekday_evenings"
    WEEKENDS = "weekends"
    HOLIDAYS = "holidays"


class Purpose(StrEnum):
    """What personal data may be used for, each agreed to by itself (个人信息保护法 arts. 13-14, 23)."""

    REGISTRATION = "registration"
    """Keeping the register and checking the identity; nobody is registered without it."""
    SERVICE_RECORDS = "service_records"
    """Recording service and certifying it (志愿服务条例 art. 19); without it nobody serves from then on."""
    ACTIVITY_NOTICES = "activity_notices"
    """Being told of activities that fit."""
    NATIONAL_SYSTEM = "national_system"
    """Handing the record to the national volunteer system."""
    PARTICIPATION = "participation"
    """A minor's taking part; agreed to by the guardian (地方志愿服务条例, 浙江 art. 9)."""


class ConsentGiver(StrEnum):
    """Who agreed."""

    VOLUNTEER = "volunteer"
    GUARDIAN = "guardian"


class VerificationOutcome(StrEnum):
    """What the community found when it compared the registration with the person and the document."""

    CONFIRMED = "confirmed"
    DISPROVED = "disproved"
    """Somebody else's identity, or against the person's will (山东省志愿服务条例 art. 11)."""


def _each_once(chosen: list[Choice]) -> list[Choice]:
    return list(dict.fromkeys(chosen))


Skill = Annotated[Text, Field(max_length=50, examples=["急救"])]
Skills = Annotated[list[Skill], Field(max_length=20), AfterValidator(_each_once)]
Availabilities = Annotated[list[Availability], AfterValidator(_each_once)]
Categories = Annotated[list[ServiceCategory], AfterValidator(_each_once)]
Purposes = Annotated[list[Purpose], AfterValidator(_each_once)]


class GuardianIn(Contract):
    """The guardian of a minor, who has to be an adult and somebody else."""

    name: PersonName
    id_document: IdDocument
    birth_date: StatedDay | None = None
    """Only for documents whose number holds none."""
    phone: Mobile
    """The guardian's own number, by which they confirm."""
    consent: Literal[True]
    """The guardian agrees to the registration, the handling of the data and the activities; they confirm it
    themselves before it counts."""


class RegistrationIn(Contract):
    """A resident signs up on the phone."""

    name: PersonName
    id_document: IdDocument
    birth_date: StatedDay | None = None
    """Only for documents whose number holds none."""
    sex: Sex | None = None
    """Only for documents whose number does not say."""
    phone: Mobile
    """The number that the resident is signed in with."""
    community: CommunityCode
    skills: Skills = Field(default_factory=list)
    availability: Availabilities = Field(default_factory=list)
    categories: Categories = Field(default_factory=list)
    consent: Purposes
    """What the data may be used for; `registration` is needed."""
    self_supporting: bool = False
    """A minor of 16 or 17 lives mainly on their own work and so counts as an adult (民法典 art. 18)."""
    guardian: GuardianIn | None = None
    """Needed for minors, and for nobody else."""
    after_erasure: bool = False
    """Registers again although all data was erased on request; a form sent late does not say so."""


class VolunteerRow(Contract):
    """A volunteer in a list."""

    volunteer_no: VolunteerNo
    status: VolunteerStatus
    name_masked: str
    community: CommunityCode
    capacity: Capacity
    categories: Sequence[ServiceCategory]
    registered_at: Moment | None
    status_since: Moment


class VolunteerOut(Resource):
    """A volunteer with masked particulars."""

    volunteer_no: VolunteerNo
    national_volunteer_no: str | None
    """Number in the national system, as it gave it (MZ/T 061-2015)."""
    status: VolunteerStatus
    status_since: Moment
    registered_at: Moment | None
    name_masked: str
    id_kind: IdKind
    id_number_masked: str
    phone_masked: str
    community: CommunityCode
    capacity: Capacity
    """As on the day of signing up."""
    skills: Sequence[str]
    availability: Sequence[Availability]
    categories: Sequence[ServiceCategory]


class ConsentOut(Contract):
    """One thing agreed to."""

    purpose: Purpose
    given_by: ConsentGiver
    notice: str
    """Version of the notice that was shown (个人信息保护法 art. 17)."""
    given_at: Moment


class GuardianOut(Contract):
    """A guardian in full."""

    name: str
    id_document: IdDocument
    phone: str
    confirmed_at: Moment | None
    """When the guardian agreed by their own phone."""


class ParticularsOut(Contract):
    """A volunteer's personal data in full."""

    name: str
    id_document: IdDocument
    birth_date: date
    sex: Sex
    phone: str
    guardian: GuardianOut | None
    consents: Sequence[ConsentOut]


class MyRecordOut(VolunteerOut):
    """One's own record, with everything that is kept (个人信息保护法 art. 45)."""

    particulars: ParticularsOut


class DisclosureOut(Contract):
    """A volunteer's particulars as they were disclosed to an officer."""

    volunteer_no: VolunteerNo
    minor: bool
    """On the day of the disclosure."""
    particulars: ParticularsOut


class VerificationIn(Contract):
    """What the community found at the window."""

    outcome: VerificationOutcome
    reason: Text | None = None
    """Needed when the identity is disproved."""


class DisclosureIn(Contract):
    """Why an officer needs the full particulars."""

    reason: Text
