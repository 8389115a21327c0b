"""Service items as they are published: the service guide of each (行政许可法 art. 30, rules B1.5)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, ValidationInfo, field_validator, model_validator

from onewindow_shared.contracts.common import Code, CommunityCode, Contract, Text
from onewindow_shared.contracts.intake import MOST_MATERIALS, Channel, MaterialForm, ServiceCategory
from onewindow_shared.contracts.steps import StepKind, StepRole, in_order

Days = Annotated[int, Field(ge=1, le=400)]
"""Working days."""
Name = Annotated[Text, Field(max_length=100)]
Texts = Annotated[list[Text], Field(max_length=50)]


class Audience(StrEnum):
    """Who applies."""

    INDIVIDUAL = "individual"
    HOUSEHOLD = "household"
    ORGANISATION = "organisation"


class SpecialProcedure(StrEnum):
    """What takes time that does not count towards the limits (行政许可法 art. 45)."""

    HEARING = "hearing"
    """听证"""
    TENDER = "tender"
    """招标"""
    AUCTION = "auction"
    """拍卖"""
    INSPECTION = "inspection"
    """检验"""
    TESTING = "testing"
    """检测"""
    QUARANTINE = "quarantine"
    """检疫"""
    APPRAISAL = "appraisal"
    """鉴定"""
    EXPERT_REVIEW = "expert_review"
    """专家评审"""


class Handler(StrEnum):
    """Who handles an item in the main."""

    DEPARTMENT = "department"
    RESIDENTS_COMMITTEE = "residents_committee"
    """Only what stands on the district's list of the committees' own work."""


class Template(Contract):
    """The form or sample of a paper."""

    name: Name
    url: HttpUrl | None = None
    """Where it can be had; null where the window hands it out."""


class ItemMaterial(Contract):
    """A paper of an item's check-list."""

    code: Code
    name: Text
    form: MaterialForm
    form_stated: bool = True
    """False where the source does not say which form is meant."""
    required: bool
    applies_when: Text | None = None
    """In which cases a paper that is not always required is needed."""
    copies: Annotated[int, Field(ge=1, le=20)] = 1
    deferrable: bool = False
    """May be missing at a tolerant acceptance (容缺受理)."""
    kind: Code | None = None
    """What paper it is in whatever item, such as `resident_id_card`; without one it is known by its name."""
    reusable: bool = False
    """The same person need not bring it again while it is valid."""
    reusable_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    """Calendar days for which it is valid from the day it was handed in; makes it reusable. The district's
    `reusable_days` where it is reusable and nothing is said here."""
    template: Template | None = None


class ItemStep(Contract):
    """One step of an item's procedure."""

    name: Text
    actor: Text
    """The role of whoever does it, in words."""
    working_days: Annotated[int, Field(ge=0, le=400)] | None
    """The step's own limit."""
    parallel: bool = False
    """Runs beside the step before it, not after it."""
    kind: StepKind | None = None
    """How cases are led along it; null where people are only told of it."""
    role: StepRole | None = None
    """Who takes work and publicity; decision and delivery have theirs by law."""
    officers: Annotated[int, Field(ge=1, le=2)] = 1
    """Two: work is done once a second officer has checked it (行政许可法 art. 34)."""
    paper: Name | None = None
    """What work leaves in the file, such as a survey form; its number is asked for."""

    @model_validator(mode="after")
    def _has_whoever_takes_it(self) -> Self:
        taken = self.kind in {StepKind.WORK, StepKind.PUBLICITY}
        if taken != (self.role is not None):
            raise ValueError("work and publicity have a role, and nothing else has")
        if self.kind is not StepKind.WORK and (self.officers > 1 or self.paper is not None):
            raise ValueError("only work is checked by a second officer, or leaves a paper")
        return self


class PublicityStep(Contract):
    """What is made public before the decision (公示), for working days or for calendar days."""

    working_days: Days | None = None
    calendar_days: Days | None = None
    objections: Text
    """Where and how anybody may object."""

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if (self.working_days is None) == (self.calendar_days is None):
            raise ValueError("give working days or calendar days")
        return self


class ItemSource(Contract):
    """Where the facts of an item come from."""

    url: HttpUrl
    title: Text
    date: Annotated[Text, Field(max_length=20)] | None
    kind: Literal["government_page", "regulation_text", "repost", "mirror"]


class ItemContent(Contract):
    """Everything that is published of an item (行政许可法 art. 30); limits are in working days."""

    code: Code
    name: Name
    name_en: Annotated[Text, Field(max_length=200)]
    aliases: Annotated[list[Name], Field(max_length=50)] = Field(default_factory=list)
    """What people call it."""
    category: ServiceCategory
    subcategory: Code | None = None
    """The place in the category tree below the root, if it has one."""
    department: Code
    handled_by: Handler = Handler.DEPARTMENT
    audience: Audience
    conditions: Texts
    legal_basis: Texts
    instant: bool
    """Decided on the spot (即办件)."""
    statutory_days: Days
    promised_days: Days
    limit_source: Literal["published", "district_default"]
    limit_note: Text | None
    extension_days: Annotated[int, Field(ge=0, le=400)] | None = None
    """By how many a case may be extended once, where a rule of the item says so, 0 for not at all; what the
    district has (行政许可法 art. 42) unless given."""
    fee: Text | None
    """Null where it costs nothing."""
    channels: Annotated[list[Channel], Field(min_length=1, max_length=len(Channel))]
    """What is recommended; whoever applies chooses freely (优化营商环境条例 art. 37)."""
    agency_available: bool
    materials: Annotated[list[ItemMaterial], Field(max_length=MOST_MATERIALS)]
    steps: Annotated[list[ItemStep], Field(max_length=50)]
    publicity: PublicityStep | None = None
    special_procedures: Annotated[list[SpecialProcedure], Field(max_length=len(SpecialProcedure))] = Field(
        default_factory=list
    )
    review: bool = True
    """Whoever applied may review how it was handled (好差评)."""
    issues_certificate: Name | None = None
    """The certificate that the item asks a residents' committee for."""
    anywhere: bool = False
    """Accepted at any window of the city for the competent authority (全城通办)."""
    communities: Annotated[list[CommunityCode], Field(min_length=1, max_length=2000)] | None = None
    """Where it is offered; null for everywhere."""
    jurisdiction: Text | None
    source: ItemSource

    @field_validator("promised_days")
    @classmethod
    def _no_longer_than_the_law_allows(cls, promised: int, info: ValidationInfo) -> int:
        if promised > info.data.get("statutory_days", promised):
            raise ValueError("the promised limit is longer than the statutory one")
        return promised

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if len({material.code for material in self.materials}) < len(self.materials):
            raise ValueError("two materials have the same code")
        if self.steps and self.steps[0].parallel:
            raise ValueError("the first step has none before it to run beside")
        kinds = [step.kind for step in self.steps if step.kind is not None]
        if StepKind.PUBLICITY in kinds and self.publicity is None:
            raise ValueError("a publicity step needs the item's publicity")
        if not in_order(kinds):
            raise ValueError("work and publicity come before the one decision, and that before the delivery")
        for several in (self.channels, self.special_procedures, self.communities or []):
            if len(set(several)) < len(several):
                raise ValueError("something is in a list twice")
        return self


class ItemGuide(ItemContent):
    """A published version of an item: the whole service guide (办事指南)."""

    version: int
    effective_from: date
    override: int | None
    """Number of the district's own terms that are worked into it; null where the district has none."""


class ItemGuideOut(ItemGuide):
    """A service guide with what finds it, so that whoever keeps a copy finds the same without a network."""

    spellings: Sequence[Sequence[Sequence[str]]]
    """Of its name, of what people call it and of the English name: each sign with its readings, each word."""


class ItemSummary(Contract):
    """An item in lists."""

    code: str
    name: str
    name_en: str
    category: ServiceCategory
    subcategory: str | None
    department: str
    audience: Audience
    version: int
    instant: bool
    statutory_days: int
    promised_days: int
    channels: Sequence[Channel]
    """What is recommended, the best first; every channel takes it (优化营商环境条例 art. 37)."""
    agency_available: bool
