"""Asks every service for its figures at once and merges what comes back in time."""

import asyncio
from datetime import date

import httpx2
import structlog

from onewindow_gateway.deps import Gateway
from onewindow_gateway.metrics.queries import may_exist
from onewindow_gateway.metrics.rules import merge
from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.metrics import AreaMetrics, ServiceFigures
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.runtime import Run

log = structlog.get_logger()
Period = tuple[date, date]


async def area_metrics(gateway: Gateway, run: Run, token: str, area: str, period: Period) -> AreaMetrics:
    """Return an area's figures, at most about a second old; `NotFound` outside the caller's own area."""
    if not run.actor.scope.covers(area):
        raise NotFound
    key = (area, period, run.actor.scope)
    return await gateway.figures.get(key, lambda: _ask_all(gateway, run, token, area, period))


async def _ask_all(gateway: Gateway, run: Run, token: str, area: str, period: Period) -> AreaMetrics:
    if not await run.read(lambda unit: may_exist(unit.session, area)):
        raise NotFound
    headers = {"Authorization": token, "X-Request-ID": run.actor.request_id}
    answers = await asyncio.gather(*(_ask(gateway, service, area, period, headers) for service in BEHIND))
    now = run.runtime.settings.clock()
    return merge(area, period, dict(zip(BEHIND, answers, strict=True)), now)


async def _ask(
    gateway: Gateway, service: str, area: str, period: Period, headers: dict[str, str]
) -> ServiceFigures | None:
    address = f"{gateway.settings.upstream(service)}/api/{service}/v1/metrics/areas/{area}"
    params = {"from": period[0].isoformat(), "to": period[1].isoformat()}
    try:
        async with asyncio.timeout(gateway.settings.metrics_budget_seconds):
            response = await gateway.client.get(address, params=params, headers=headers)
        response.raise_for_status()
        return ServiceFigures.model_validate_json(response.content)
    except (httpx2.HTTPError, ValueError, TimeoutError) as error:
        log.warning("no figures", upstream=service, error=type(error).__name__)
        return None
