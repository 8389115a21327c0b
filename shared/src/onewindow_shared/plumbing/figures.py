"""The figures of an area as every service answers them: the counters that it owns, in a period."""

import hashlib
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.metrics import OWNERS, ServiceFigures, default_period
from onewindow_shared.plumbing.conditional import UNCHANGED, answer
from onewindow_shared.plumbing.problems import (
    READING,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import expect_period
from onewindow_shared.plumbing.reference import Area
from onewindow_shared.plumbing.rollups import figures
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.unit import Unit


def area_figures(unit: Unit, area: str, first: date | None, last: date | None) -> ServiceFigures:
    """Return this service's counters of an area, both days included; month to date unless told so.

    Standing counters are as they stood on the last day. An area that is unknown or reaches beyond the
    caller's own is not found.
    """
    since, until = default_period(first, last, unit.today)
    expect_period(since, until)
    known = unit.session.get(Area, area)
    if known is None or not unit.actor.scope.covers(area):
        raise NotFound
    found = figures(unit.session, area, since, until)
    return ServiceFigures(
        area=area,
        period_from=since,
        period_to=until,
        figures={metric: found.get(metric, 0) for metric, owner in OWNERS.items() if owner == unit.service},
        population=known.population,
        as_of=unit.now,
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
        area_code: Annotated[AreaCode, Path(description="District, street or community")],
        first: Annotated[
            date | None, Query(alias="from", description="First day; the first of the month")
        ] = None,
        last: Annotated[date | None, Query(alias="to", description="Last day, included; today")] = None,
        run: Run = gated(Permission.METRICS_READ),
    ) -> Response:
        """Count what this service counts in a period; the tag changes only with the figures."""
        found = await run.read(area_figures, area_code, first, last)
        content = found.model_dump_json(exclude={"as_of"}).encode()
        return answer(request, found, etag=hashlib.sha256(content).hexdigest()[:32])

    return router
