"""Routes of the district's figures."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from onewindow_gateway.deps import Gateway, gateway_of
from onewindow_gateway.metrics import service
from onewindow_gateway.metrics.definitions import counters, definitions_of
from onewindow_gateway.metrics.periods import Period
from onewindow_gateway.metrics.rules import narrowed
from onewindow_gateway.metrics.service import Asked
from onewindow_gateway.metrics.shown import PROMETHEUS_TYPE, prometheus_text, sheet_of, sheet_of_parts
from onewindow_gateway.metrics.stream import events
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Contract
from onewindow_shared.contracts.indicators import AreaMetrics, Before, Counter, Definition
from onewindow_shared.contracts.metric_parts import AreaParts
from onewindow_shared.contracts.metrics import default_period
from onewindow_shared.contracts.worklists import SheetFormat
from onewindow_shared.plumbing.conditional import answer, content_tag
from onewindow_shared.plumbing.figures import OF_DAYS, AreaAsked, Days, PartsBy
from onewindow_shared.plumbing.problems import READING, Unauthorized, invalid, problems
from onewindow_shared.plumbing.query import expect_period, from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_shared.plumbing.sheets import SHEETS, csv_answer, xlsx_answer

router = APIRouter(prefix="/api/metrics/v1", tags=["metrics"])
MINUTE = 60
MOST_NAMED = 200
SHORTEST_LOOK = 0.05
"""Seconds between two looks at figures that are not kept."""
EVENTS = "text/event-stream"


@dataclass(frozen=True)
class Chosen(Days):
    """The period, and the indicators, that are asked for."""

    only: Annotated[
        frozenset[str], Query(max_length=MOST_NAMED, description="Indicators to tell; all, if left out")
    ] = frozenset()


class Definitions(Contract):
    """What every indicator means, and what the counters count of which they are made."""

    definitions: list[Definition]
    counters: list[Counter]


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
    days: Annotated[Chosen, from_query(Chosen)],
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Merge the figures by day, week, month or year, by street or community, or by what cases have in common.

    Whoever may not read cases is told of people's matters in multiples of `small_cell`, and not by officer.
    """
    asked = Asked(gateway, run, authorization, area_code, _period(run, days))
    if unknown := days.only - {one.id for one in asked.definitions}:
        raise invalid({"only": f"no indicator is called {', '.join(sorted(unknown))}"}, where="query")
    found = narrowed(await service.area_parts(asked, by), days.only)
    return answer(request, found, etag=_tag(found), max_age=1)


@router.get(
    "/areas/{area_code}/sheet",
    summary="Take the indicators of an area away",
    response_class=StreamingResponse,
    responses={
        **SHEETS,
        **problems(*READING),
    },
)
async def read_area_sheet(
    area_code: AreaAsked,
    format_: Annotated[SheetFormat, Query(alias="format")],
    gateway: Annotated[Gateway, Depends(gateway_of)],
    by: PartsBy | None = None,
    days: Days = OF_DAYS,
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Answer with a table of the indicators, or of those of each part, each with its target and source."""
    asked = Asked(gateway, run, authorization, area_code, _period(run, days))
    zone = run.runtime.settings.zone
    if by is None:
        table = sheet_of(await service.area_metrics(asked), asked.definitions, zone)
    else:
        table = sheet_of_parts(await service.area_parts(asked, by), asked.definitions, zone)
    name = f"figures-{area_code}-{asked.period[0]}-{asked.period[1]}"
    if format_ is SheetFormat.CSV:
        return await csv_answer(f"{name}.csv", table)
    return await xlsx_answer(f"{name}.xlsx", table)


@router.get(
    "/areas/{area_code}/prometheus",
    summary="Indicators of an area, for Prometheus",
    response_class=PlainTextResponse,
    responses=problems(*READING),
)
async def read_area_prometheus(
    area_code: AreaAsked,
    gateway: Annotated[Gateway, Depends(gateway_of)],
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Answer with this month's indicators in Prometheus' text format."""
    asked = Asked(gateway, run, authorization, area_code, _period(run, Days()))
    text = prometheus_text(await service.area_metrics(asked))
    return Response(text, media_type=PROMETHEUS_TYPE, headers={"Cache-Control": "private, no-store"})


@router.get(
    "/areas/{area_code}/changes",
    summary="Follow the indicators of an area",
    response_class=StreamingResponse,
    responses={200: {"description": "Server-sent events", "content": {EVENTS: {}}}, **problems(*READING)},
)
async def follow_area_metrics(
    request: Request,
    area_code: AreaAsked,
    gateway: Annotated[Gateway, Depends(gateway_of)],
    last_event_id: Annotated[str | None, Header()] = None,
    authorization: Annotated[str, Header(include_in_schema=False)] = "",
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Send this month's indicators as an event `figures`, and again whenever they changed.

    The stream ends with the token, with the server, or after `metrics_follow_seconds`: the client connects
    again, with the `Last-Event-ID` that it has.
    """

    def asked() -> Asked:
        return Asked(gateway, run, authorization, area_code, _period(run, Days()))

    await service.area_metrics(asked())

    async def look() -> AreaMetrics | None:
        try:
            await run.runtime.verifier.verify(authorization.partition(" ")[2].strip())
        except Unauthorized:
            return None
        return None if await request.is_disconnected() else await service.area_metrics(asked())

    seconds = max(gateway.settings.metrics_cache_seconds, SHORTEST_LOOK)
    lasting = gateway.settings.metrics_follow_seconds
    pieces = events(look, _tag, last_event_id, seconds, lasting, request.state.stopping)
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(pieces, media_type=EVENTS, headers=headers)


def _period(run: Run, days: Days) -> Period:
    settings = run.runtime.settings
    period = default_period(days.first, days.last, settings.clock().astimezone(settings.zone).date())
    expect_period(*period)
    return period


def _tag(found: AreaMetrics | AreaParts) -> str:
    return content_tag(found, but="as_of")


@router.get("/definitions", response_model=Definitions, summary="What the indicators mean")
async def list_definitions(
    request: Request,
    gateway: Annotated[Gateway, Depends(gateway_of)],
    run: Run = open_to_all("what is measured and why is no secret"),
) -> Response:
    """List every indicator with its formula, both its parts or its weights, its target and its source."""
    found = Definitions(definitions=list(definitions_of(gateway.settings)), counters=counters())
    return answer(request, found, max_age=MINUTE)
