"""Service items as they are published: the service guide of each (行政许可法 art. 30, rules B1.5)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, model_validator

from onewindow_shared.contracts.common import Code, Contract, Text
from onewindow_shared.contracts.intake import MOST_MATERIALS, Channel, MaterialForm, ServiceCategory


class Audience(StrEnum):
    """Who applies."""

    INDIVIDUAL = "individual"
    HOUSEHOLD = "household"
    ORGANISATION = "organisation"


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


class ItemStep(Contract):
    """One step of an item's procedure."""

    name: Text
    actor: Text
    working_days: Annotated[int, Field(ge=0)] | None


class ItemSource(Contract):
    """Where the facts of an item come from."""

    url: HttpUrl
    title: Text
    date: str | None
    kind: Literal["government_page", "regulation_text", "repost", "mirror"]


class ItemContent(Contract):
    """Everything that is published of an item (行政许可法 art. 30); limits are in working days."""

    code: Code
    name: Annotated[Text, Field(max_length=100)]
    name_en: Annotated[Text, Field(max_length=200)]
    category: ServiceCategory
    department: Code
    audience: Audience
    conditions: list[Text]
    legal_basis: list[Text]
    instant: bool
    """Decided on the spot (即办件)."""
    statutory_days: Annotated[int, Field(ge=1, le=400)]
    promised_days: Annotated[int, Field(ge=1, le=400)]
    limit_source: Literal["published", "district_default"]
    limit_note: Text | None
    fee: Text | None
    """Null where it costs nothing."""
    channels: Annotated[list[Channel], Field(min_length=1)]
    agency_available: bool
    materials: Annotated[list[ItemMaterial], Field(max_length=MOST_MATERIALS)]
    steps: list[ItemStep]
    jurisdiction: Text | None
    source: ItemSource

    @model_validator(mode="after")
    def _promises_no_more_than_the_law_allows(self) -> Self:
        if self.promised_days > self.statutory_days:
            raise ValueError("the promised limit is longer than the statutory one")
        if len({material.code for material in self.materials}) < len(self.materials):
            raise ValueError("two materials have the same code")
        return self


class ItemGuide(ItemContent):
    """A published version of an item: the whole service guide (办事指南)."""

    version: int
    effective_from: date


class ItemSummary(Contract):
    """An item in lists."""

    code: str
    name: str
    name_en: str
    category: ServiceCategory
    department: str
    audience: Audience
    version: int
    instant: bool
    statutory_days: int
    promised_days: int
    channels: Sequence[Channel]
    agency_available: bool
