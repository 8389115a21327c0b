"""Figures taken apart: by time, by the areas below, or by what the counted have in common."""

from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field

from onewindow_shared.contracts.common import Contract, Moment
from onewindow_shared.contracts.indicators import Indicator
from onewindow_shared.contracts.metrics import Facet, Metric
from onewindow_shared.contracts.norms import NormHeld

MOST_SPANS = 400
"""Spans of time that are told at once: a year by day, and a month more to compare."""


class By(StrEnum):
    """What figures are taken apart by."""

    DAY = "day"
    WEEK = "week"
    """From Monday."""
    MONTH = "month"
    YEAR = "year"
    STREET = "street"
    COMMUNITY = "community"
    ITEM = Facet.ITEM.value
    CATEGORY = Facet.CATEGORY.value
    DEPARTMENT = Facet.DEPARTMENT.value
    CHANNEL = Facet.CHANNEL.value
    OFFICER = Facet.OFFICER.value
    GRID = Facet.GRID.value
    KIND = Facet.KIND.value

    @property
    def facet(self) -> Facet | None:
        """The facet that it is."""
        return Facet(self.value) if self.value in set(Facet) else None

    @property
    def digits(self) -> int | None:
        """How many digits the codes of these areas have."""
        return {By.STREET: 9, By.COMMUNITY: 12}.get(self)

    @property
    def is_time(self) -> bool:
        """Whether it cuts the period into spans of time."""
        return self in {By.DAY, By.WEEK, By.MONTH, By.YEAR}

    def begins(self, day: date) -> date:
        """Return the first day of the span of time that a day lies in."""
        match self:
            case By.WEEK:
                return date.fromordinal(max(1, day.toordinal() - day.weekday()))
            case By.MONTH:
                return day.replace(day=1)
            case By.YEAR:
                return day.replace(month=1, day=1)
            case _:
                return day


def spans_of(by: By, first: date, last: date) -> list[date]:
    """Return the first days of all spans of time that a period touches, one more than are told at most."""
    found = [by.begins(first)]
    while len(found) <= MOST_SPANS and (following := _after(by, found[-1])) is not None and following <= last:
        found.append(following)
    return found


def _after(by: By, begun: date) -> date | None:
    """Return the first day of the following span; none after the last day that there is."""
    longest = {By.WEEK: 7, By.MONTH: 31, By.YEAR: 366}.get(by, 1)
    if (date.max - begun).days < longest:
        return None
    return by.begins(begun + timedelta(days=longest))


class ServicePart(Contract):
    """One service's counters of a part."""

    key: str
    """First day, area code, or code of an item, category, department, channel, officer, grid cell or kind."""
    name: str | None
    """Of an area, or of what the code stands for, as far as it is known."""
    figures: dict[Metric, int | None]
    """As in `ServiceFigures`."""
    percentiles: dict[Metric, dict[int, int]] = Field(default_factory=dict)
    population: int | None
    norms: list[NormHeld] = Field(default_factory=list)
    """As in `ServiceFigures`."""


class ServiceParts(Contract):
    """One service's counters of an area in a period, taken apart; standing ones as each part ended."""

    area: str
    by: By
    period_from: date
    period_to: date
    parts: list[ServicePart]
    multiples_of: int | None = None
    """As in `ServiceFigures`."""
    reviews_multiples_of: int | None = None
    """As in `ServiceFigures`."""
    as_of: Moment


class AreaPart(Contract):
    """The indicators of one part."""

    key: str
    """First day, area code, or code of an item, category, department, channel, officer, grid cell or kind."""
    name: str | None
    """Of an area, or of what the code stands for, as far as it is known."""
    indicators: list[Indicator]


class AreaParts(Contract):
    """Indicators of an area in a period, taken apart and merged over the services."""

    area: str
    by: By
    period_from: date
    period_to: date
    parts: list[AreaPart]
    missing: list[str]
    """Services that did not answer in time; their indicators have null parts."""
    multiples_of: int | None = None
    """As in `AreaMetrics`."""
    reviews_multiples_of: int | None = None
    """As in `AreaMetrics`."""
    as_of: Moment | None
    """As in `AreaMetrics`."""
