"""What weighs on communities: ledgers, forms, meetings, year against year (rules A27-A30, AD6)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Resource
from onewindow_shared.contracts.register import SourceNote


class BurdenKind(StrEnum):
    """What is counted."""

    LEDGERS = "ledgers"
    FORMS = "forms"
    MEETINGS = "meetings"
    INSPECTIONS = "inspections"
    NAMEPLATES = "nameplates"
    OFFICES = "offices"
    ASSESSMENTS = "assessments"
    CERTIFICATES = "certificates"


class Direction(StrEnum):
    """Where a figure goes; down is right (中发〔2017〕13号)."""

    DOWN = "down"
    SAME = "same"
    UP = "up"
    UNKNOWN = "unknown"


class BurdenIn(Contract):
    """How many of a kind a community had in a year, and where the figure is from."""

    count: Annotated[int, Field(ge=0, le=1_000_000)]
    source: SourceNote


class BurdenRecordOut(Resource):
    """A recorded figure."""

    community: str
    year: int
    kind: BurdenKind
    count: int
    source: str


class BurdenNorm(Contract):
    """What somewhere was set as an aim, and where that was read."""

    place: str
    change_percent: int
    """Against the year before."""
    document: str
    source: str
    met: bool | None
    """Null where one of the two years is not known."""


class BurdenFigure(Contract):
    """One kind in an area: this year against the year before."""

    kind: BurdenKind
    count: int | None
    """The sum of what was recorded; null where nothing was."""
    year_before: int | None
    direction: Direction
    """Of the communities that both years are known of."""
    communities: int
    """How many communities the sum is of."""
    admitted: int | None
    """How many of the kind the lists of the day admit, of all the area's communities together; null for kinds
    that are on no lists."""
    norms: list[BurdenNorm]


class BurdenOut(Contract):
    """What weighs on an area in a year."""

    area: str
    year: int
    figures: list[BurdenFigure]
    hours_asked: int
    """Hours a year that the admitted matters of the day ask, of all the area's communities together."""
    staff: int | None
    staff_communities: int
    """How many communities the staff is of."""
    hours_per_staff: int | None
