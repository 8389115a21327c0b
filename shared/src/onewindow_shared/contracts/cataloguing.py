"""How the catalogue is kept: versions of items, a district's own terms, and the tree of categories."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.catalogue import Days, ItemContent, Name
from onewindow_shared.contracts.common import Code, Contract, Moment, Resource, StatedDay, Text
from onewindow_shared.contracts.intake import Channel, Note, ServiceCategory

DistrictCode = Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["330902"])]


class VersionState(StrEnum):
    """Where a version of an item stands today."""

    DRAFT = "draft"
    """Can be changed, and nobody outside sees it."""
    SCHEDULED = "scheduled"
    """Published for a day to come."""
    IN_FORCE = "in_force"
    RETIRED = "retired"
    """Followed by a newer one, ended, or called off."""


class ItemVersionSummary(Contract):
    """A version in the list of an item's versions."""

    number: int
    version: int
    """How often it was changed: its `ETag`."""
    state: VersionState
    effective_from: date | None
    effective_to: date | None
    """The first day on which it is no longer in force, if that day is known."""
    statutory_days: int
    promised_days: int


class ItemVersionOut(Resource):
    """A version of an item with its whole guide."""

    number: int
    state: VersionState
    effective_from: date | None
    effective_to: date | None
    """The first day on which it is no longer in force, if that day is known."""
    content: ItemContent


class PublicationIn(Contract):
    """From when a draft is to be in force."""

    effective_from: StatedDay | None = None
    """The first day; today unless given. A version published before for the same day gives way."""


class RetirementIn(Contract):
    """That a version is not to be in force any more, or never."""

    effective_to: StatedDay | None = None
    """The first day without it; today unless given."""
    reason: Note


class Fee(Contract):
    """What an item costs."""

    amount: Text | None
    """Null where it costs nothing."""


class ItemTerms(Contract):
    """What a district does differently with an item; null where it does as the item says."""

    promised_days: Days | None = None
    channels: Annotated[list[Channel], Field(min_length=1, max_length=len(Channel))] | None = None
    fee: Fee | None = None
    agency_available: bool | None = None
    deferrable: Annotated[list[Code], Field(max_length=100)] | None = None
    """Codes of the materials that may be missing at a tolerant acceptance; no other may."""
    review: bool | None = None


class ItemOverrideIn(Contract):
    """A district's terms of an item from a day on, in place of its earlier ones."""

    district: DistrictCode
    effective_from: StatedDay | None = None
    """The first day; today unless given."""
    terms: ItemTerms
    """All null: as the item says from then on."""


class ItemOverrideOut(Contract):
    """A district's terms of an item; they never change, newer ones follow them."""

    code: str
    district: str
    number: int
    effective_from: date
    terms: ItemTerms
    created_at: Moment
    created_by: str


class CategoryPlace(Contract):
    """What a category below the ten is called, and where it hangs."""

    parent: Code
    """One of the ten, or a category below them."""
    name: Name
    name_en: Annotated[Text, Field(max_length=200)]


class CategoryIn(CategoryPlace):
    """A new category below the ten."""

    code: Code


class CategoryOut(Resource):
    """A category; the ten have no parent and never change."""

    code: str
    root: ServiceCategory
    parent: str | None
    name: str
    name_en: str


class CategoryTree(Contract):
    """Every category: each stands behind its parent."""

    categories: list[CategoryOut]
