"""The figures of an area as every service answers them: the counters that it owns, in a period."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_shared.contracts.access import Permission, reads_cases_counted
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.metric_parts import MOST_SPANS, By, ServicePart, ServiceParts, spans_of
from onewindow_shared.contracts.metric_words import CALLED
from onewindow_shared.contracts.metrics import (
    COMPUTED,
    FACETS,
    OWNERS,
    PERCENTILES,
    STANDING,
    Facet,
    Metric,
    ServiceFigures,
    default_period,
)
from onewindow_shared.contracts.norms import NormHeld
from onewindow_shared.plumbing.conditional import UNCHANGED, answer, content_tag
from onewindow_shared.plumbing.problems import (
    READING,
    NotFound,
    NotPermitted,
    invalid,
    problems,
)
from onewindow_shared.plumbing.query import expect_period, from_query
from onewindow_shared.plumbing.reference import Area, areas_below
from onewindow_shared.plumbing.rollups import (
    DAY,
    Counted,
    Spread,
    changes,
    figures,
    figures_below,
    figures_by,
    spread,
    spread_below,
    spread_by_time,
)
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.small_cells import (
    Told,
    multiples_for,
    multiples_of_reviews,
    tells_none,
    told,
    uncounted,
)
from onewindow_shared.plumbing.unit import Actor, Unit

Computed = Callable[[str, date], Counted]
"""What stands in an area on a day, computed from tables that do not grow with cases."""
Computing = Callable[[Unit], Computed]
"""Reads those tables once."""
Populations = Callable[[Unit], Callable[[str, date], int | None]]
"""Reads how many residents areas have; returns what tells of an area and a day."""
Names = Callable[[Unit, str, Facet, Collection[str]], Mapping[str, str]]
"""Tells what codes of a facet are called in an area, as far as the service knows."""
Norms = Callable[[Unit], Callable[[str, date, date], list[NormHeld]]]
"""Reads the norm profile; returns what tells what of it figures of an area and a period are held against."""
Period = tuple[date, date]
AreaAsked = Annotated[AreaCode, Path(description="District, street or community")]
PartsBy = Annotated[By, Query(description="Time, areas below, or what the counted have in common")]


@dataclass(frozen=True)
class Days:
    """The period that is asked for."""

    first: Annotated[date | None, Query(alias="from", description="First day; the first of the month")] = None
    last: Annotated[date | None, Query(alias="to", description="Last day, included; today")] = None


@dataclass(frozen=True)
class Standing:
    """What is known of an area and a day, from tables that were read once."""

    computed: Computed
    population: Callable[[str, date], int | None]
    norms: Callable[[str, date, date], list[NormHeld]]


OF_DAYS = from_query(Days)


def as_everywhere(_unit: Unit, _area: str, facet: Facet, _codes: Collection[str]) -> Mapping[str, str]:
    """Tell what is called alike in every district."""
    return CALLED.get(facet, {})


def nothing(_unit: Unit) -> Computed:
    """Compute no figure."""
    return lambda _area, _day: {}


def no_norms(_unit: Unit) -> Callable[[str, date, date], list[NormHeld]]:
    """Hold figures against no norm."""
    return lambda _area, _first, _last: []


def as_copied(unit: Unit) -> Callable[[str, date], int | None]:
    """Tell the populations of today, as the copy of the register has them."""

    def of(area: str, day: date) -> int | None:
        known = unit.session.get(Area, area)
        return known.population if known is not None and day >= unit.today else None

    return of


@dataclass(frozen=True)
class Reading:
    """How a service reads what no event counts."""

    computing: Computing = nothing
    populations: Populations = as_copied
    names: Names = as_everywhere
    norms: Norms = no_norms


COUNTED_ALONE = Reading()


def area_figures(unit: Unit, area: str, days: Days, reading: Reading = COUNTED_ALONE) -> ServiceFigures:
    """Return this service's counters of an area, both days included; month to date unless told so.

    Standing counters are as they stood on the last day. An area that is unknown or reaches beyond the
    caller's own is not found.
    """
    period = _asked(unit, area, days)
    since, until = _passed(unit, period)
    counted = _owned(
        unit,
        area,
        figures(unit.session, unit.gathered(area), since, until) | reading.computing(unit)(area, until),
    )
    return ServiceFigures(
        area=area,
        period_from=period[0],
        period_to=period[1],
        figures=counted,
        percentiles=_percentiles(spread(unit.session, unit.gathered(area), since, until), counted),
        population=reading.populations(unit)(area, until),
        norms=reading.norms(unit)(area, since, until),
        multiples_of=multiples_for(unit),
        reviews_multiples_of=multiples_of_reviews(unit),
        as_of=unit.now,
    )


def area_parts(unit: Unit, area: str, by: By, days: Days, reading: Reading = COUNTED_ALONE) -> ServiceParts:
    """Return this service's counters of an area, taken apart by time, by areas below or by a facet."""
    expect_told(unit.actor, by)
    period = _asked(unit, area, days)
    expect_parts(area, by, *period)
    if by.facet is not None:
        parts = _by_facet(unit, area, by.facet, _passed(unit, period), reading.names)
    else:
        standing = Standing(reading.computing(unit), reading.populations(unit), reading.norms(unit))
        if by.digits is not None:
            parts = _by_place(unit, area, by.digits, _passed(unit, period), standing)
        else:
            parts = _by_time(unit, area, by, period, standing)
    return ServiceParts(
        area=area,
        by=by,
        period_from=period[0],
        period_to=period[1],
        parts=list(parts),
        multiples_of=multiples_for(unit),
        reviews_multiples_of=multiples_of_reviews(unit),
        as_of=unit.now,
    )


def expect_told(actor: Actor, by: By) -> None:
    """Raise `NotPermitted` where figures are about people who work here, for whoever may see no cases."""
    if by is By.OFFICER and not reads_cases_counted(actor.roles):
        raise NotPermitted(detail="Figures of officers are for whoever may see the cases that they count.")


def expect_parts(area: str, by: By, first: date, last: date) -> None:
    """Raise `Invalid` where an area or a period cannot be taken apart so."""
    if by.digits is not None and by.digits <= len(area):
        raise invalid({"by": "the area is not made of these"}, where="query")
    if by.is_time and len(spans_of(by, first, last)) > MOST_SPANS:
        raise invalid({"by": f"the period has more than {MOST_SPANS} of these"}, where="query")


def _asked(unit: Unit, area: str, days: Days) -> Period:
    period = default_period(days.first, days.last, unit.today)
    expect_period(*period)
    known = unit.session.get(Area, area)
    if known is None or not unit.actor.scope.covers(area):
        raise NotFound
    if not known.lives(unit.today):
        raise NotFound(detail=f"This area {known.why_not(unit.today)}.")
    return period


def _passed(unit: Unit, period: Period) -> Period:
    """Return the days of a period that have begun: what is due later is not counted yet."""
    return period[0], min(period[1], unit.today)


def _owned(unit: Unit, area: str, found: Counted, facet: Facet | None = None) -> Told:
    """Return what this service counts there, and can tell by a facet, as the actor is told of it.

    What did not happen is 0, where that may be told.
    """
    nowhere = uncounted(len(area))
    counted = {
        metric: found.get(metric, 0)
        for metric, owner in OWNERS.items()
        if owner == unit.service
        and metric not in nowhere
        and (metric in found or metric not in COMPUTED)
        and (facet is None or facet in FACETS.get(metric, ()))
    }
    none = tells_none(len(area), facet)
    return told(counted, multiples_for(unit), multiples_of_reviews(unit), none=none)


def percentile(spread_: Mapping[int, int], share: int) -> int | None:
    """Return the least value that `share` per cent of the counted do not exceed; none of nothing."""
    counted, reached = sum(spread_.values()), 0
    for value, n in sorted(spread_.items()):
        reached += n
        if n > 0 and 100 * reached >= share * counted:
            return value
    return None


def _percentiles(spreads: Spread, counted: Told) -> dict[Metric, dict[int, int]]:
    """Return the percentiles of what is told of how many it is."""
    return {
        metric: {share: n for share in PERCENTILES if (n := percentile(days, share)) is not None}
        for metric, days in spreads.items()
        if counted.get(metric)
    }


def _by_facet(unit: Unit, area: str, facet: Facet, period: Period, names: Names) -> Iterator[ServicePart]:
    """Count what has the same in common; of what all is withheld, nobody is told that it is there."""
    found = figures_by(unit.session, unit.gathered(area), facet, *period)
    several = {value: _owned(unit, area, counted, facet) for value, counted in sorted(found.items())}
    shown = {value: counted for value, counted in several.items() if any(counted.values())}
    called = names(unit, area, facet, shown.keys())
    for value, counted in shown.items():
        yield ServicePart(key=value, name=called.get(value), figures=counted, population=None)


def _by_place(
    unit: Unit, area: str, digits: int, period: Period, standing: Standing
) -> Iterator[ServicePart]:
    gathered = unit.gathered(area)
    found = figures_below(unit.session, gathered, digits, *period, unit.heir)
    spreads = spread_below(unit.session, gathered, digits, *period, unit.heir)
    for one in unit.session.scalars(areas_below(unit, area, digits)):
        counted = _owned(unit, one.code, found.get(one.code, {}) | standing.computed(one.code, period[1]))
        yield ServicePart(
            key=one.code,
            name=one.name,
            figures=counted,
            percentiles=_percentiles(spreads.get(one.code, {}), counted),
            population=standing.population(one.code, period[1]),
            norms=standing.norms(one.code, *period),
        )


def _by_time(unit: Unit, area: str, by: By, asked: Period, reads: Standing) -> Iterator[ServicePart]:
    """Count what happened in each span of time; what stands goes on; of days to come is told nothing."""
    gathered, (first, last) = unit.gathered(area), _passed(unit, asked)
    before = figures(unit.session, gathered, first, first - DAY) if first > date.min else {}
    standing = Counter({metric: n for metric, n in before.items() if metric in STANDING})
    found = changes(unit.session, gathered, by.begins, first, last)
    spreads = spread_by_time(unit.session, gathered, by.begins, first, last)
    begun = spans_of(by, *asked)
    for day, following in zip_longest(begun, begun[1:]):
        changed, key = found.get(day.isoformat(), {}), day.isoformat()
        if day > unit.today:
            yield ServicePart(key=key, name=None, figures={}, population=None)
            continue
        standing.update({metric: n for metric, n in changed.items() if metric in STANDING})
        until = min(following - DAY if following else asked[1], unit.today)
        counted = _owned(unit, area, {**changed, **standing, **reads.computed(area, until)})
        yield ServicePart(
            key=key,
            name=None,
            figures=counted,
            percentiles=_percentiles(spreads.get(key, {}), counted),
            population=reads.population(area, until),
            norms=reads.norms(area, max(day, first), until),
        )


def figures_router(service: str, reading: Reading = COUNTED_ALONE) -> APIRouter:
    """Return the route on which a service answers its figures to whoever merges them."""
    router = APIRouter(prefix=f"/api/{service}/v1/metrics", tags=["metrics"])

    @router.get(
        "/areas/{area_code}",
        summary="Figures of an area",
        response_model=ServiceFigures,
        responses={
            **UNCHANGED,
            **problems(*READING),
        },
    )
    async def read_area_figures(
        request: Request,
        area_code: AreaAsked,
        days: Days = OF_DAYS,
        run: Run = gated(Permission.METRICS_READ),
    ) -> Response:
        """Count what this service counts in a period; the tag changes only with the figures."""
        found = await run.read(area_figures, area_code, days, reading)
        return answer(request, found, etag=content_tag(found, but="as_of"))

    @router.get(
        "/areas/{area_code}/parts",
        summary="Figures of an area, taken apart",
        response_model=ServiceParts,
        responses={
            **UNCHANGED,
            **problems(*READING),
        },
    )
    async def read_area_parts(
        request: Request,
        area_code: AreaAsked,
        by: PartsBy,
        days: Days = OF_DAYS,
        run: Run = gated(Permission.METRICS_READ),
    ) -> Response:
        """Count what this service counts in each part; the tag changes only with the figures."""
        found = await run.read(area_parts, area_code, by, days, reading)
        return answer(request, found, etag=content_tag(found, but="as_of"))

    return router
