"""Indicators of an area for dashboards (rules C5), as the gateway makes them from the services' counters."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.common import Contract, Moment
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.norms import Binding, Measure


class Aim(Contract):
    """What a ratio, or without one a count, is to be: in the unit in which it is told, 1 for 100%."""

    least: float | None = None
    most: float | None = None
    below: float | None = None
    """It is to be less than this."""


class NormAim(Aim):
    """An aim that is a norm of the district's profile, in the unit of the figure and as it was entered."""

    code: str
    name: str
    lower: str | None
    upper: str | None
    unit: str
    binding: Binding
    document: str


class Definition(Contract):
    """What an indicator means, as data: both parts, the target and where each comes from."""

    id: str
    name: str
    name_en: str
    formula: str
    """Of what it is made, in words."""
    formula_en: str
    numerator: Metric | None
    denominator: Metric | None
    denominator_is_population: bool
    percentile: int | None = None
    """The numerator is so many days that this share of what the denominator counts took no more (in %)."""
    weights: dict[str, float] | None = None
    """The ratio is the mean of the ratios of these indicators with these weights; it has no parts.

    One whose denominator is 0 is left out, and the others weigh as they do to each other.
    """
    is_share: bool
    """The ratio is a part of a whole, to be shown in per cent."""
    target: str | None
    """What is aimed at, in words."""
    target_en: str | None
    aims: list[Aim]
    """The same in numbers, where it is one that can be compared; the nearest first."""
    measure: Measure | None = None
    """What of the district's norm profile it is held against; the norms come with each figure, as its aims.

    They stand at `/api/casework/v1/norms/{district}`, where the district enters its own.
    """
    source: str


class Counter(Contract):
    """What a counter counts, in words."""

    metric: Metric
    name: str
    name_en: str
    service: str
    """That keeps it, and tells it at `/api/{service}/v1/metrics`."""


class Indicator(Contract):
    """An indicator of an area: both parts are given; `ratio` is null without a denominator."""

    id: str
    numerator: int | None
    denominator: int | None
    ratio: float | None
    withheld: bool = False
    """A part of it is null because it counts so few people that they could be pointed at."""
    aims: list[NormAim] | None = None
    """Of what is held against norms: those that held there on the last day; where null, the definition's."""
    weighed: list[str] | None = None
    """Of an index: the indicators that it was weighed from; of the others there was nothing to judge."""


class Before(StrEnum):
    """An earlier period to compare with."""

    PREVIOUS = "previous"
    """The one before: as many months where it begins with a month, else as many days."""
    YEAR_AGO = "year_ago"


class Comparison(Contract):
    """The same indicators in an earlier period."""

    before: Before
    period_from: date
    period_to: date
    indicators: list[Indicator]
    missing: list[str]


class AreaMetrics(Contract):
    """The district's figures, merged over the services."""

    area: str
    period_from: date
    period_to: date
    indicators: list[Indicator]
    missing: list[str]
    """Services that did not answer in time; their indicators have null parts."""
    multiples_of: int | None = None
    """Whoever may see no cases is told of people's matters rounded down to multiples of this."""
    reviews_multiples_of: int | None = None
    """Everybody is told of reviews rounded down to multiples of this; null where nobody told of any."""
    as_of: Moment | None
    """The oldest of the services' own moments: everything before it is counted; null where none answered."""
    compared: Sequence[Comparison] = ()
