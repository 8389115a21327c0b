"""How the services' counters become indicators, and which of these are withheld (rules C5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from onewindow_gateway.metrics.definitions import DEFINITIONS
from onewindow_gateway.metrics.periods import Period
from onewindow_shared.contracts.metric_parts import AreaPart, AreaParts, By, ServicePart, ServiceParts
from onewindow_shared.contracts.metrics import (
    FACETS,
    OWNERS,
    AreaMetrics,
    Definition,
    Facet,
    Indicator,
    Metric,
    ServiceFigures,
)

RATIO_DIGITS = 6
ABOUT_PEOPLE = ("cases.", "corrections.", "contacts.", "reviews.", "certificates.", "volunteers.")
"""How counters are called that count people, or what one person did."""


@dataclass(frozen=True)
class Told:
    """What the services that answered have counted of one area or part, by service."""

    figures: Mapping[str, Mapping[Metric, int]]
    population: int | None

    def sum(self, metric: Metric) -> int | None:
        """Add up a counter; unknown without the service that keeps it."""
        if OWNERS[metric] not in self.figures:
            return None
        return sum(counted.get(metric, 0) for counted in self.figures.values())


def merge(
    area: str, period: Period, answers: Mapping[str, ServiceFigures | None], now: datetime
) -> AreaMetrics:
    """Make the indicators of an area from each service's answer, None for a service that gave none."""
    told = {name: said for name, said in answers.items() if said is not None}
    population = next((said.population for said in told.values() if said.population is not None), None)
    counted = Told({name: said.figures for name, said in told.items()}, population)
    return AreaMetrics(
        area=area,
        period_from=period[0],
        period_to=period[1],
        indicators=[_indicator(definition, counted) for definition in DEFINITIONS],
        missing=sorted(set(answers) - set(told)),
        as_of=min((said.as_of for said in told.values()), default=now),
    )


def merge_parts(
    area: str, by: By, period: Period, answers: Mapping[str, ServiceParts | None], now: datetime
) -> AreaParts:
    """Make the indicators of each part from each service's answer; of a facet those that it takes apart."""
    told = {name: said for name, said in answers.items() if said is not None}
    parts = {name: {part.key: part for part in said.parts} for name, said in told.items()}
    keys = sorted({key for several in parts.values() for key in several})
    definitions = [one for one in DEFINITIONS if by.facet is None or _told_by(one, by.facet)]
    return AreaParts(
        area=area,
        by=by,
        period_from=period[0],
        period_to=period[1],
        parts=[
            _part(key, {name: several.get(key) for name, several in parts.items()}, definitions)
            for key in keys
        ],
        missing=sorted(set(answers) - set(told)),
        as_of=min((said.as_of for said in told.values()), default=now),
    )


def _told_by(definition: Definition, facet: Facet) -> bool:
    of = [definition.numerator, *([definition.denominator] if definition.denominator else [])]
    return all(facet in FACETS.get(metric, ()) for metric in of)


def _part(key: str, said: Mapping[str, ServicePart | None], definitions: Iterable[Definition]) -> AreaPart:
    known = [part for part in said.values() if part is not None]
    counted = Told(
        {name: part.figures if part else {} for name, part in said.items()},
        next((part.population for part in known if part.population is not None), None),
    )
    return AreaPart(
        key=key,
        name=next((part.name for part in known if part.name is not None), None),
        indicators=[_indicator(definition, counted) for definition in definitions],
    )


def _indicator(definition: Definition, told: Told) -> Indicator:
    over, under = told.sum(definition.numerator), None
    if definition.denominator_is_population:
        under = told.population
    elif definition.denominator is not None:
        under = told.sum(definition.denominator)
    ratio = round(over / under, RATIO_DIGITS) if over is not None and under else None
    return Indicator(id=definition.id, numerator=over, denominator=under, ratio=ratio)


def withhold(parts: Sequence[Sequence[Indicator]], below: int) -> list[list[Indicator]]:
    """Take out what counts fewer than `below` people, and so many others that no difference tells it.

    Of each indicator the parts are looked at together: where a single one is withheld, its number would be
    the rest of the sum, so the next smallest goes with it.
    """
    columns = [_withheld(column, below) for column in zip(*parts, strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _withheld(column: Sequence[Indicator], below: int) -> list[Indicator]:
    hidden = {place for place, one in enumerate(column) if _is_small(one, below)}
    if len(hidden) == 1 and len(column) > 1:
        others = [place for place, one in enumerate(column) if one.numerator and place not in hidden]
        hidden.update(sorted(others, key=lambda place: column[place].numerator or 0)[:1])
    return [_empty(one) if place in hidden else one for place, one in enumerate(column)]


def _is_small(one: Indicator, below: int) -> bool:
    about = next(definition for definition in DEFINITIONS if definition.id == one.id)
    parts = [(about.numerator, one.numerator), (about.denominator, one.denominator)]
    return any(n and n < below for metric, n in parts if metric and metric.startswith(ABOUT_PEOPLE))


def _empty(one: Indicator) -> Indicator:
    return Indicator(id=one.id, numerator=None, denominator=None, ratio=None, withheld=True)
