"""The figures of an area as every service answers them: the counters that it owns, in a period."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.metric_parts import MOST_SPANS, By, ServicePart, ServiceParts, spans_of
from onewindow_shared.contracts.metrics import (
    FACETS,
    OWNERS,
    STANDING,
    Facet,
    Metric,
    ServiceFigures,
    default_period,
)
from onewindow_shared.plumbing.conditional import UNCHANGED, answer, content_tag
from onewindow_shared.plumbing.problems import (
    READING,
    NotFound,
    invalid,
    problems,
)
from onewindow_shared.plumbing.query import expect_period, from_query
from onewindow_shared.plumbing.reference import Area, areas_below
from onewindow_shared.plumbing.rollups import DAY, Counted, changes, figures, figures_below, figures_by
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.unit import Unit

Owned = dict[Metric, int]
AreaAsked = Annotated[AreaCode, Path(description="District, street or community")]
PartsBy = Annotated[By, Query(description="Time, areas below, or what the counted have in common")]


@dataclass(frozen=True)
class Days:
    """The period that is asked for."""

    first: Annotated[date | None, Query(alias="from", description="First day; the first of the month")] = None
    last: Annotated[date | None, Query(alias="to", description="Last day, included; today")] = None


OF_DAYS = from_query(Days)


def area_figures(unit: Unit, area: str, days: Days) -> ServiceFigures:
    """Return this service's counters of an area, both days included; month to date unless told so.

    Standing counters are as they stood on the last day. An area that is unknown or reaches beyond the
    caller's own is not found.
    """
    known, (since, until) = _asked(unit, area, days)
    return ServiceFigures(
        area=area,
        period_from=since,
        period_to=until,
        figures=_owned(unit, figures(unit.session, unit.gathered(area), since, until)),
        population=known.population,
        as_of=unit.now,
    )


def area_parts(unit: Unit, area: str, by: By, days: Days) -> ServiceParts:
    """Return this service's counters of an area, taken apart by time, by areas below or by a facet."""
    _, (since, until) = _asked(unit, area, days)
    expect_parts(area, by, since, until)
    if by.facet is not None:
        parts = _by_facet(unit, area, by.facet, since, until)
    elif by.digits is not None:
        parts = _by_place(unit, area, by.digits, since, until)
    else:
        parts = _by_time(unit, area, by, since, until)
    return ServiceParts(
        area=area, by=by, period_from=since, period_to=until, parts=list(parts), as_of=unit.now
    )


def expect_parts(area: str, by: By, first: date, last: date) -> None:
    """Raise `Invalid` where an area or a period cannot be taken apart so."""
    if by.digits is not None and by.digits <= len(area):
        raise invalid({"by": "the area is not made of these"}, where="query")
    if by.is_time and len(spans_of(by, first, last)) > MOST_SPANS:
        raise invalid({"by": f"the period has more than {MOST_SPANS} of these"}, where="query")


def _asked(unit: Unit, area: str, days: Days) -> tuple[Area, tuple[date, date]]:
    period = default_period(days.first, days.last, unit.today)
    expect_period(*period)
    known = unit.session.get(Area, area)
    if known is None or not unit.actor.scope.covers(area):
        raise NotFound
    if not known.lives(unit.today):
        raise NotFound(detail=f"This area {known.why_not(unit.today)}.")
    return known, period


def _owned(unit: Unit, found: Counted, facet: Facet | None = None) -> Owned:
    """Return what this service counts, and can tell by a facet; what did not happen is 0."""
    return {
        metric: found.get(metric, 0)
        for metric, owner in OWNERS.items()
        if owner == unit.service and (facet is None or facet in FACETS.get(metric, ()))
    }


def _by_facet(unit: Unit, area: str, facet: Facet, first: date, last: date) -> Iterator[ServicePart]:
    for value, found in sorted(figures_by(unit.session, unit.gathered(area), facet, first, last).items()):
        counted = _owned(unit, found, facet)
        if any(counted.values()):
            yield ServicePart(key=value, name=None, figures=counted, population=None)


def _by_place(unit: Unit, area: str, digits: int, first: date, last: date) -> Iterator[ServicePart]:
    found = figures_below(unit.session, unit.gathered(area), digits, first, last, unit.heir)
    for one in unit.session.scalars(areas_below(unit, area, digits)):
        counted = _owned(unit, found.get(one.code, {}))
        yield ServicePart(key=one.code, name=one.name, figures=counted, population=one.population)


def _by_time(unit: Unit, area: str, by: By, first: date, last: date) -> Iterator[ServicePart]:
    """Count what happened in each span of time; what stands goes on from the span before."""
    before = figures(unit.session, unit.gathered(area), first, first - DAY) if first > date.min else {}
    standing = Counter({metric: n for metric, n in before.items() if metric in STANDING})
    found = changes(unit.session, unit.gathered(area), by.begins, first, last)
    for begun in spans_of(by, first, last):
        changed = found.get(begun.isoformat(), {})
        standing.update({metric: n for metric, n in changed.items() if metric in STANDING})
        yield ServicePart(
            key=begun.isoformat(), name=None, figures=_owned(unit, {**changed, **standing}), population=None
        )


def figures_router(service: str) -> APIRouter:
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
        found = await run.read(area_figures, area_code, days)
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
        found = await run.read(area_parts, area_code, by, days)
        return answer(request, found, etag=content_tag(found, but="as_of"))

    return router
