"""Holding an area's values against a norm (rules K1-K4, K8)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.contracts.norms import Measure, NormHeld, NormIn, NormScope, NormStanding, Standing
from onewindow_shared.contracts.register import ValueKind

Values = Mapping[ValueKind, str]


@dataclass(frozen=True)
class Share:
    """How a figure follows from values: `over * times / under`, or `over` alone."""

    over: ValueKind
    under: ValueKind | None = None
    times: int = 1


_V = ValueKind
FIGURES: Mapping[Measure, Share] = {
    Measure.HOUSEHOLDS: Share(_V.HOUSEHOLDS),
    Measure.POPULATION: Share(_V.POPULATION),
    Measure.HOUSEHOLDS_PER_STAFF: Share(_V.HOUSEHOLDS, _V.STAFF),
    Measure.STAFF_PER_10000_PEOPLE: Share(_V.STAFF, _V.POPULATION, 10_000),
    Measure.COMMITTEE_MEMBERS: Share(_V.COMMITTEE_MEMBERS),
    Measure.POLICE: Share(_V.POLICE),
    Measure.FACILITY_AREA_PER_100_HOUSEHOLDS: Share(_V.FACILITY_AREA, _V.HOUSEHOLDS, 100),
    Measure.PREMISES_AREA_PER_100_PEOPLE: Share(_V.PREMISES_AREA, _V.POPULATION, 100),
    Measure.ACTIVITY_PERCENT_OF_FACILITY: Share(_V.ACTIVITY_AREA, _V.FACILITY_AREA, 100),
    Measure.STATION_AREA: Share(_V.STATION_AREA),
    Measure.CULTURE_ROOM_AREA: Share(_V.CULTURE_ROOM_AREA),
    Measure.CENTRE_AREA: Share(_V.CENTRE_AREA),
    Measure.TRAINING_HOURS: Share(_V.TRAINING_HOURS),
}
CONCERNED: Mapping[NormScope, frozenset[AreaKind]] = {
    NormScope.COMMUNITY: frozenset(
        {AreaKind.RESIDENTS_COMMITTEE, AreaKind.VILLAGERS_COMMITTEE, AreaKind.OTHER}
    ),
    NormScope.URBAN_COMMUNITY: frozenset({AreaKind.RESIDENTS_COMMITTEE}),
    NormScope.STREET: frozenset({AreaKind.STREET}),
}


def concerns(norm: NormIn, kind: AreaKind) -> bool:
    """Say whether a norm is held against values of an area of this kind."""
    return norm.measure in FIGURES and not norm.set_aside and kind in CONCERNED[norm.scope]


def held(norms: Iterable[NormIn], kinds: Collection[AreaKind], *, whole_year: bool) -> list[NormHeld]:
    """Return the norms that figures of such communities are held against; a year's of a whole year."""
    concerned = {scope for scope, several in CONCERNED.items() if not several.isdisjoint(kinds)}
    return [
        NormHeld(**norm.model_dump(include=set(NormHeld.model_fields)))
        for norm in norms
        if norm.measure is not None
        and not norm.set_aside
        and norm.scope in concerned
        and (norm.lower is not None or norm.upper is not None)
        and (whole_year or norm.measure is not Measure.FUND_PER_COMMUNITY)
    ]


def figure(measure: Measure, values: Values) -> Fraction | None:
    """Return what is measured, unrounded; None where a value is missing or there is nobody to share it."""
    share = FIGURES[measure]
    over = values.get(share.over)
    if over is None:
        return None
    if share.under is None:
        return Fraction(over)
    under = Fraction(values.get(share.under, 0))
    return Fraction(over) * share.times / under if under else None


def missing(measure: Measure, values: Values) -> list[ValueKind]:
    """Name the values that a figure needs and that are not known."""
    share = FIGURES[measure]
    return [kind for kind in (share.over, share.under) if kind is not None and kind not in values]


def standing(found: Fraction | None, norm: NormIn) -> Standing:
    """Say whether a figure lies within the bounds of a norm."""
    if found is None or (norm.lower is None and norm.upper is None):
        return Standing.UNKNOWN
    high_enough = norm.lower is None or found >= Fraction(norm.lower)
    low_enough = norm.upper is None or found <= Fraction(norm.upper)
    return Standing.MET if high_enough and low_enough else Standing.NOT_MET


def beside(norm: NormIn, measure: Measure, values: Values) -> NormStanding:
    """Set an area's values beside a norm, with where the norm is from."""
    found = figure(measure, values)
    shown = {"code", "name", "lower", "upper", "about", "unit", "binding", "document", "issued_on"}
    return NormStanding(
        measure=measure,
        figure=None if found is None else f"{float(found):.2f}",
        standing=standing(found, norm),
        missing=missing(measure, values),
        **norm.model_dump(include=shown | {"address", "quote"}),
    )
