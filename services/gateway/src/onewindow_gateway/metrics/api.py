"""Routes of the district's figures."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from onewindow_gateway.deps import Gateway, gateway_of
from onewindow_gateway.metrics import service
from onewindow_gateway.metrics.definitions import DEFINITIONS
from onewindow_gateway.metrics.periods import Period
from onewindow_gateway.metrics.service import Asked
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Contract
from onewindow_shared.contracts.metric_parts import AreaParts
from onewindow_shared.contracts.metrics import AreaMetrics, Before, Definition, default_period
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.figures import OF_DAYS, AreaAsked, Days, PartsBy
from onewindow_shared.plumbing.problems import READING, problems
from onewindow_shared.plumbing.query import expect_period
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/metrics/v1", tags=["metrics"])
DAY = 86400


class Definitions(Contract):
    """What every indicator means."""

    definitions: list[Definition]


@router.get(
    "/areas/{area_code}",
    response_model=AreaMetrics,
    summary="Indicators of an area",
    responses=problems(*READING),
)
async def read_area_metrics(
    request: Request,
    area_code: AreaAsked,
    gateway: Annotated[Gateway, Depends(gateway_of)],
    days: Days = OF_DAYS,
    compare: Annotated[
        frozenset[Before], Query(description="Earlier periods to show beside it")
    ] = frozenset(),
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Merge the figures of all services; one that does not answer in time is listed in `missing`.

    The tag changes only with the figures, not with the moment at which they were read.
    """
    asked = Asked(gateway, run, authorization, area_code, _period(run, days))
    found = await service.area_metrics(asked, sorted(compare))
    return answer(request, found, etag=_tag(found), max_age=1)


@router.get(
    "/areas/{area_code}/parts",
    response_model=AreaParts,
    summary="Indicators of an area, taken apart",
    responses=problems(*READING),
)
async def read_area_parts(
    request: Request,
    area_code: AreaAsked,
    by: PartsBy,
    gateway: Annotated[Gateway, Depends(gateway_of)],
    days: Days = OF_DAYS,
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Merge the figures by day, week, month or year, by street or community, or by what cases have in common.

    Whoever may not read cases is not told of fewer people than `small_cells_below`.
    """
    asked = Asked(gateway, run, authorization, area_code, _period(run, days))
    found = await service.area_parts(asked, by)
    return answer(request, found, etag=_tag(found), max_age=1)


def _period(run: Run, days: Days) -> Period:
    settings = run.runtime.settings
    period = default_period(days.first, days.last, settings.clock().astimezone(settings.zone).date())
    expect_period(*period)
    return period


def _tag(found: AreaMetrics | AreaParts) -> str:
    content = found.model_dump_json(exclude={"as_of"}).encode()
    return hashlib.sha256(content).hexdigest()[:32]


@router.get("/definitions", response_model=Definitions, summary="What the indicators mean")
async def list_definitions(
    request: Request, run: Run = open_to_all("what is measured and why is no secret")
) -> Response:
    """List every indicator with both its parts, its target and its source."""
    return answer(request, Definitions(definitions=list(DEFINITIONS)), max_age=DAY)
