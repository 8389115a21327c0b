"""The norm profile of a district: what is wanted of communities, by whom, how binding it is (rules C6)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from onewindow_shared.contracts.common import Code, Contract, Moment, StatedDay, Text
from onewindow_shared.contracts.register import ValueKind

Bound = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,7})(\.[0-9]{1,4})?$")]
"""A decimal number."""
ShortText = Annotated[Text, StringConstraints(max_length=100)]


class Binding(StrEnum):
    """How binding a norm is."""

    LAW = "law"
    POLICY = "policy"
    """A document of the centre or of a ministry."""
    LOCAL = "local"
    """A place's own rule."""


class NormScope(StrEnum):
    """What a norm is about."""

    COMMUNITY = "community"
    URBAN_COMMUNITY = "urban_community"
    """A community of a residents' committee."""
    STREET = "street"


class Measure(StrEnum):
    """What of an area's values a norm is held against."""

    HOUSEHOLDS = "households"
    POPULATION = "population"
    HOUSEHOLDS_PER_STAFF = "households_per_staff"
    STAFF_PER_10000_PEOPLE = "staff_per_10000_people"
    COMMITTEE_MEMBERS = "committee_members"
    POLICE = "police"
    FACILITY_AREA_PER_100_HOUSEHOLDS = "facility_area_per_100_households"
    PREMISES_AREA_PER_100_PEOPLE = "premises_area_per_100_people"
    ACTIVITY_PERCENT_OF_FACILITY = "activity_percent_of_facility"
    STATION_AREA = "station_area"
    CULTURE_ROOM_AREA = "culture_room_area"
    CENTRE_AREA = "centre_area"
    TRAINING_HOURS = "training_hours"
    FUND_PER_COMMUNITY = "fund_per_community"
    """Yuan that a community gets in a year: of no value of the register, but of the money received (K5)."""


class NormIn(Contract):
    """A norm as a district holds it from a day on; a later entry for the same day takes its place."""

    code: Code
    name: ShortText
    scope: NormScope
    measure: Measure | None
    """Null for what no values of the register are held against."""
    lower: Bound | None = None
    """At least so much."""
    upper: Bound | None = None
    """At most so much."""
    about: Bound | None = None
    """About so much: no bound follows from it."""
    unit: Annotated[Text, StringConstraints(max_length=20)]
    binding: Binding
    document: Annotated[Text, StringConstraints(max_length=200)]
    issued_on: StatedDay | None
    """Null where the document names no day."""
    address: Annotated[Text, StringConstraints(max_length=300)] | None = None
    quote: Annotated[Text, StringConstraints(max_length=500)] | None = None
    """The words of the document."""
    note: Annotated[Text, StringConstraints(max_length=500)] | None = None
    valid_from: StatedDay | None = None
    """First day on which the district holds it; null for always."""
    set_aside: bool = False
    """The district does not hold it from that day on; `note` says why."""

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        bounds = [float(bound) for bound in (self.lower, self.upper) if bound is not None]
        if not bounds and self.about is None:
            raise ValueError("say `lower`, `upper` or `about`")
        if bounds != sorted(bounds):
            raise ValueError("`lower` lies above `upper`")
        if self.set_aside and self.note is None:
            raise ValueError("say in `note` why it is set aside")
        return self


class NormOut(NormIn):
    """A norm of a district's profile, as it was entered."""

    no: int
    district: str
    entered_by: str
    entered_at: Moment


class NormHeld(Contract):
    """A norm that a district holds its communities' figures against."""

    code: str
    name: str
    measure: Measure
    lower: str | None
    upper: str | None
    unit: str
    binding: Binding
    document: str


class Standing(StrEnum):
    """How an area stands to a norm."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    """A value is missing, or the norm names no bound."""


class NormStanding(Contract):
    """An area's figure beside a norm."""

    code: str
    name: str
    measure: Measure
    figure: str | None
    """To two places; null where a value is missing."""
    standing: Standing
    missing: list[ValueKind]
    """Values that are not known of the area."""
    lower: str | None
    upper: str | None
    about: str | None
    unit: str
    binding: Binding
    document: str
    issued_on: date | None
    address: str | None
    quote: str | None


class NormStandings(Contract):
    """An area beside the norms of its district's profile."""

    area: str
    name: str
    as_of: date
    norms: list[NormStanding]
    """Those that are about such an area and are held against values, by code."""
