"""How the services' counters become indicators (rules C5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onewindow_gateway.metrics.periods import Period
from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.indicators import AreaMetrics, Definition, Indicator, NormAim
from onewindow_shared.contracts.metric_parts import AreaPart, AreaParts, By, ServicePart, ServiceParts
from onewindow_shared.contracts.metrics import (
    COMPUTED,
    FACETS,
    OWNERS,
    Facet,
    Metric,
    ServiceFigures,
)
from onewindow_shared.contracts.norms import Measure, NormHeld
from onewindow_shared.plumbing.small_cells import tells_none, uncounted
from onewindow_shared.plumbing.small_cells import told as coarse

Figures = Mapping[Metric, int | None]
RATIO_DIGITS = 6
FEN = 100
"""Of a yuan."""
SATISFACTION = "R1"
"""What weighs most in every index, so that none is without it."""
REGISTER = "casework"
"""The service that owns the register of areas."""


@dataclass(frozen=True)
class Told:
    """What the services that answered have counted of one area or part, by service."""

    figures: Mapping[str, Figures]
    percentiles: Mapping[Metric, Mapping[int, int]]
    population: int | None
    norms: Sequence[NormHeld] = ()

    def number(self, metric: Metric | None) -> int | None:
        """Return a counter; unknown without the service that keeps it, or where it is withheld."""
        if metric is None or OWNERS[metric] not in self.figures:
            return None
        return self.figures[OWNERS[metric]].get(metric)

    def withholds(self, metric: Metric | None) -> bool:
        """Say whether the service that keeps a counter does not tell it."""
        if metric is None:
            return False
        return self.figures.get(OWNERS[metric], {}).get(metric, 0) is None


def merge(
    definitions: Sequence[Definition],
    area: str,
    period: Period,
    answers: Mapping[str, ServiceFigures | None],
    multiple: int | None,
) -> AreaMetrics:
    """Make the indicators of an area from each service's answer, None for a service that gave none.

    `multiple` is what the reader is told in multiples of where nobody says so.
    """
    told = {name: said for name, said in answers.items() if said is not None}
    counted = Told(
        {name: said.figures for name, said in told.items()},
        _percentiles(told.values()),
        _population(told),
        _norms(told.values()),
    )
    return AreaMetrics(
        area=area,
        period_from=period[0],
        period_to=period[1],
        indicators=_indicators(definitions, counted),
        missing=sorted(set(answers) - set(told)),
        multiples_of=_coarsest(one.multiples_of for one in told.values()) if told else multiple,
        reviews_multiples_of=_coarsest(one.reviews_multiples_of for one in told.values()),
        as_of=min((said.as_of for said in told.values()), default=None),
    )


def merge_parts(
    definitions: Sequence[Definition],
    area: str,
    by: By,
    period: Period,
    answers: Mapping[str, ServiceParts | None],
    multiple: int | None,
) -> AreaParts:
    """Make the indicators of each part from each service's answer; of a facet those that it takes apart."""
    told = {name: said for name, said in answers.items() if said is not None}
    parts = {name: {part.key: part for part in said.parts} for name, said in told.items()}
    nothing = {name: _nothing(name, area, by, said) for name, said in told.items()}
    keys = sorted({key for several in parts.values() for key in several})
    shown = definitions if by.facet is None else _told_by(definitions, by.facet)
    return AreaParts(
        area=area,
        by=by,
        period_from=period[0],
        period_to=period[1],
        parts=[
            _part(key, {name: several.get(key) for name, several in parts.items()}, nothing, shown)
            for key in keys
        ],
        missing=sorted(set(answers) - set(told)),
        multiples_of=_coarsest(one.multiples_of for one in told.values()) if told else multiple,
        reviews_multiples_of=_coarsest(one.reviews_multiples_of for one in told.values()),
        as_of=min((said.as_of for said in told.values()), default=None),
    )


def told_apart_by(by: By) -> list[str]:
    """Return the services that can take anything apart so."""
    keeping = {OWNERS[metric] for metric in Metric if by.facet is None or by.facet in FACETS.get(metric, ())}
    return [service for service in BEHIND if service in keeping]


def _told_by(definitions: Sequence[Definition], facet: Facet) -> list[Definition]:
    """Return what can be told by a facet: both parts, or everything that is weighed."""
    counted = [one for one in definitions if one.numerator and _counted_by(one, facet)]
    names = {one.id for one in counted}
    return [one for one in definitions if one in counted or (one.weights and names.issuperset(one.weights))]


def _counted_by(one: Definition, facet: Facet) -> bool:
    parts = [part for part in (one.numerator, one.denominator) if part]
    return one.percentile is None and all(facet in FACETS.get(part, ()) for part in parts)


def _nothing(service: str, area: str, by: By, said: ServiceParts) -> Figures:
    """Return what a service says of a part of which it counted nothing, as far as it counts there."""
    digits = by.digits or len(area)
    none = tells_none(digits, by.facet)
    unknown = COMPUTED | uncounted(digits)
    owned = {metric: 0 for metric, owner in OWNERS.items() if owner == service and metric not in unknown}
    return coarse(owned, said.multiples_of, said.reviews_multiples_of, none=none)


def _part(
    key: str,
    said: Mapping[str, ServicePart | None],
    nothing: Mapping[str, Figures],
    definitions: Sequence[Definition],
) -> AreaPart:
    known = [part for part in said.values() if part is not None]
    counted = Told(
        {name: part.figures if part else nothing[name] for name, part in said.items()},
        _percentiles(known),
        _population({name: part for name, part in said.items() if part is not None}),
        _norms(known),
    )
    return AreaPart(
        key=key,
        name=next((part.name for part in known if part.name is not None), None),
        indicators=_indicators(definitions, counted),
    )


def _percentiles(said: Iterable[ServiceFigures | ServicePart]) -> Mapping[Metric, Mapping[int, int]]:
    return {metric: known for one in said for metric, known in one.percentiles.items()}


def _norms(said: Iterable[ServiceFigures | ServicePart]) -> list[NormHeld]:
    return [norm for one in said for norm in one.norms]


def _aims(definition: Definition, told: Told) -> list[NormAim] | None:
    """Return the norms that held there as aims of a figure, the nearest first."""
    if definition.measure is None:
        return None
    aims = [_aim(definition, norm) for norm in told.norms if norm.measure is definition.measure]
    return sorted(aims, key=lambda aim: (aim.least or 0, -(aim.most or 0)))


def _aim(definition: Definition, norm: NormHeld) -> NormAim:
    """Set a norm in the unit of the figure: a share of those who meet it is to be everybody."""
    least, most = (None if bound is None else float(bound) for bound in (norm.lower, norm.upper))
    if definition.is_share:
        least, most = 1.0, None
    elif norm.measure is Measure.FUND_PER_COMMUNITY:
        least, most = (None if bound is None else FEN * bound for bound in (least, most))
    return NormAim(least=least, most=most, **norm.model_dump(include=set(NormAim.model_fields)))


def _population(said: Mapping[str, ServiceFigures | ServicePart]) -> int | None:
    """Return what the owner of the register says, or without it what the copies of the others do."""
    if REGISTER in said:
        return said[REGISTER].population
    return next((one.population for one in said.values() if one.population is not None), None)


def _coarsest(multiples: Iterable[int | None]) -> int | None:
    return max((one for one in multiples if one), default=None)


def _indicators(definitions: Iterable[Definition], told: Told) -> list[Indicator]:
    """Count what is counted, then weigh what is weighed."""
    found: dict[str, Indicator] = {}
    for one in definitions:
        found[one.id] = _index(one.id, one.weights, found) if one.weights else _indicator(one, told)
    return list(found.values())


def _index(id_: str, weights: Mapping[str, float], found: Mapping[str, Indicator]) -> Indicator:
    """Weigh the ratios; what there was nothing of to judge is left out, but for satisfaction."""
    parts = {name: found[name] for name in weights if name == SATISFACTION or found[name].denominator != 0}
    ratios = {name: part.ratio for name, part in parts.items() if part.ratio is not None}
    ratio = None
    if ratios.keys() == parts.keys():
        weighed = sum(weights[name] * ratio for name, ratio in ratios.items())
        ratio = round(weighed / sum(weights[name] for name in ratios), RATIO_DIGITS)
    return Indicator(
        id=id_,
        numerator=None,
        denominator=None,
        ratio=ratio,
        withheld=any(part.withheld for part in parts.values()),
        weighed=sorted(ratios) if ratio is not None else None,
    )


def _indicator(definition: Definition, told: Told) -> Indicator:
    over, under = told.number(definition.numerator), told.number(definition.denominator)
    if definition.denominator_is_population:
        under = told.population
    withheld = told.withholds(definition.numerator) or told.withholds(definition.denominator)
    if definition.percentile and definition.numerator:
        over = told.percentiles.get(definition.numerator, {}).get(definition.percentile)
        return Indicator(id=definition.id, numerator=over, denominator=under, ratio=None, withheld=withheld)
    return Indicator(
        id=definition.id,
        numerator=over,
        denominator=under,
        ratio=round(over / under, RATIO_DIGITS) if over is not None and under else None,
        withheld=withheld,
        aims=_aims(definition, told),
    )


def narrowed(found: AreaParts, only: frozenset[str]) -> AreaParts:
    """Return the parts with these of their indicators alone; with all of them where none is named."""
    if not only:
        return found
    parts = [
        part.model_copy(update={"indicators": [one for one in part.indicators if one.id in only]})
        for part in found.parts
    ]
    return found.model_copy(update={"parts": parts})
