"""What a year of voluntary service came to by community, and samples of records for civil affairs."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import AreaCode, Contract, Moment, StatedDay, Whole, not_before


class ReportFormat(StrEnum):
    """How a report is written."""

    JSON = "json"
    XLSX = "xlsx"


class TargetStanding(StrEnum):
    """How the registration rate of a community stands against floor and target."""

    UNKNOWN = "unknown"
    """No public figure of its population is known, or its volunteers are too few to be told."""
    BELOW_FLOOR = "below_floor"
    FLOOR = "floor"
    TARGET = "target"


class CommunityYear(Contract):
    """A community's year (民政部令第67号 art. 18); null is what is not known, or withheld of few people."""

    community: str
    name: str
    population: int | None
    """At the end of the year, or now."""
    registered: int | None
    """At the end of the year, or now."""
    registration_rate: float | None
    """Registered volunteers by population."""
    standing: TargetStanding
    active: int | None
    """Registered volunteers with at least the hours of a year that the district calls active."""
    active_rate: float | None
    records: int | None
    """Confirmed service records."""
    minutes: int | None
    minutes_per_volunteer: float | None
    late_records: int | None
    """Confirmed after the limit for recording."""
    certificates: int | None
    """Issued in the year."""


class YearReport(Contract):
    """A year of an area, community by community."""

    area: str
    year: int
    floor_percent: float
    target_percent: float
    active_hours: int
    communities: Sequence[CommunityYear]
    multiples_of: int | None = None
    """Whoever may see no cases is told of people's matters rounded down to multiples of this."""
    as_of: Moment


class SpotCheckIn(Contract):
    """Of which records a sample is drawn."""

    area: AreaCode
    first_on: StatedDay
    last_on: Annotated[StatedDay, not_before("first_on")]
    size: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    """As the setting says, unless given."""


class SpotCheckOut(Contract):
    """A sample, with what it takes to draw it again."""

    check_no: int
    area: str
    first_on: date
    last_on: date
    seed: str
    """The records whose SHA-256 of seed, colon and number comes first are the sample."""
    drawn_from: int
    """Confirmed records of the area and days, when it was drawn."""
    size: int
    drawn_by: str
    drawn_at: Moment
