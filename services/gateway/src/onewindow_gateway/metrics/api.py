"""Routes of the district's figures."""

import hashlib
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from onewindow_gateway.deps import Gateway, gateway_of
from onewindow_gateway.metrics import service
from onewindow_gateway.metrics.rules import DEFINITIONS
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Contract
from onewindow_shared.contracts.metrics import AreaMetrics, Definition, default_period
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.problems import (
    READING,
    Invalid,
    InvalidParam,
    problems,
)
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
    area_code: Annotated[AreaCode, Path(description="District, street or community")],
    gateway: Annotated[Gateway, Depends(gateway_of)],
    first: Annotated[
        date | None, Query(alias="from", description="First day; the first of the month")
    ] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day, included; today")] = None,
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Merge the figures of all services; one that does not answer in time is listed in `missing`.

    The tag changes only with the figures, not with the moment at which they were read.
    """
    settings = run.runtime.settings
    period = default_period(first, last, settings.clock().astimezone(settings.zone).date())
    if period[0] > period[1]:
        reason = "the period ends before it begins"
        raise Invalid(errors=[InvalidParam(loc=["query", "to"], detail=reason, type="value_error")])
    found = await service.area_metrics(gateway, run, authorization, area_code, period)
    content = found.model_dump_json(exclude={"as_of"}).encode()
    return answer(request, found, etag=hashlib.sha256(content).hexdigest()[:32], max_age=1)


@router.get("/definitions", response_model=Definitions, summary="What the indicators mean")
async def list_definitions(
    request: Request, run: Run = open_to_all("what is measured and why is no secret")
) -> Response:
    """List every indicator with both its parts, its target and its source."""
    return answer(request, Definitions(definitions=list(DEFINITIONS)), max_age=DAY)
