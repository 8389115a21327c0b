"""What reviews of a period come to, published without persons."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from onewindow_shared.contracts.common import Contract


class ResultsBy(StrEnum):
    """What published results are of."""

    ITEM = "item"
    WINDOW = "window"
    """The community whose window serves."""
    OFFICER = "officer"
    """A number that stands for the officer: no name."""
    OFFICE = "office"
    """The department that decides."""


class ReviewFigure(Contract):
    """A ratio with both its parts, in multiples of `small_cell`; null where one is above 0 and under it."""

    numerator: int | None
    denominator: int | None


class ReviewResult(Contract):
    """Figures of one item, window, officer or office."""

    key: str
    name: str | None
    satisfied: ReviewFigure
    contacted: ReviewFigure
    contacted_in_time: ReviewFigure
    answered_in_time: ReviewFigure
    levels: Mapping[str, int | None]
    """Reviews by level, told in the same way."""


class FigureDefinition(Contract):
    """What a figure counts."""

    figure: str
    numerator: str
    denominator: str


class ReviewResults(Contract):
    """Published results of a period."""

    area: str
    first: date
    last: date
    by: ResultsBy
    small_cell: int
    """What every number is a multiple of, rounded down."""
    definitions: Sequence[FigureDefinition]
    results: Sequence[ReviewResult]
    next: str | None
    """Cursor of the next page; none on the last one."""
