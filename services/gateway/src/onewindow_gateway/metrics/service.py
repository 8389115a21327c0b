"""Asks every service for its figures at once and merges what comes back in time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import httpx2
import structlog

from onewindow_gateway.deps import Gateway
from onewindow_gateway.metrics.definitions import definitions_of
from onewindow_gateway.metrics.periods import Period, earlier
from onewindow_gateway.metrics.queries import expect_area
from onewindow_gateway.metrics.rules import merge, merge_parts, told_apart_by
from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.access import reads_cases_counted
from onewindow_shared.contracts.common import Contract
from onewindow_shared.contracts.indicators import AreaMetrics, Before, Comparison, Definition
from onewindow_shared.contracts.metric_parts import AreaParts, By, ServiceParts
from onewindow_shared.contracts.metrics import ServiceFigures
from onewindow_shared.plumbing.figures import expect_parts, expect_told
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.runtime import Run

log = structlog.get_logger()
Answer = TypeVar("Answer", bound=Contract)


@dataclass(frozen=True)
class Asked:
    """Who wants to know the figures of which area and period, with which token."""

    gateway: Gateway
    run: Run
    token: str
    area: str
    period: Period

    @property
    def key(self) -> tuple[object, ...]:
        """Under what the answer may be kept: whoever may see the same is told the same."""
        return self.area, self.period, self.run.actor.scope, reads_cases_counted(self.run.actor.roles)

    @property
    def multiple(self) -> int | None:
        """In multiples of what the reader is told of people's matters; None for exact numbers."""
        return None if reads_cases_counted(self.run.actor.roles) else self.run.runtime.settings.small_cell

    @property
    def definitions(self) -> Sequence[Definition]:
        """What is measured here."""
        return definitions_of(self.gateway.settings)

    def during(self, period: Period) -> "Asked":
        """Return the same question for another period."""
        return Asked(self.gateway, self.run, self.token, self.area, period)


async def area_metrics(asked: Asked, compare: Sequence[Before] = ()) -> AreaMetrics:
    """Return an area's figures, less than a second old, beside those of earlier periods.

    Raises `NotFound` outside the caller's own area.
    """
    periods = {before: period for before in compare if (period := earlier(asked.period, before))}
    found, *others = await asyncio.gather(
        _figures(asked), *(_figures(asked.during(period)) for period in periods.values())
    )
    compared = [
        Comparison(before=before, **other.model_dump(include=set(Comparison.model_fields) - {"before"}))
        for before, other in zip(periods, others, strict=True)
    ]
    return found.model_copy(update={"compared": compared}) if compared else found


async def _figures(asked: Asked) -> AreaMetrics:
    _expect_within(asked)
    return await asked.gateway.figures.get(asked.key, lambda: _ask_all(asked))


async def area_parts(asked: Asked, by: By) -> AreaParts:
    """Return an area's figures taken apart, less than a second old; else as `area_metrics`.

    Raises `NotPermitted` where they are about officers and the caller may see no cases.
    """
    expect_told(asked.run.actor, by)
    _expect_within(asked)
    expect_parts(asked.area, by, *asked.period)
    return await asked.gateway.parts.get((by, *asked.key), lambda: _ask_all_apart(asked, by))


def _expect_within(asked: Asked) -> None:
    if not asked.run.actor.scope.covers(asked.area):
        raise NotFound


async def _ask_all(asked: Asked) -> AreaMetrics:
    answers = await _answers(asked, "", {}, ServiceFigures)
    return merge(asked.definitions, asked.area, asked.period, answers, asked.multiple)


async def _ask_all_apart(asked: Asked, by: By) -> AreaParts:
    answers = await _answers(asked, "/parts", {"by": by.value}, ServiceParts, told_apart_by(by))
    return merge_parts(asked.definitions, asked.area, by, asked.period, answers, asked.multiple)


async def _answers(
    asked: Asked,
    path: str,
    params: Mapping[str, str],
    kind: type[Answer],
    services: Sequence[str] = BEHIND,
) -> dict[str, Answer | None]:
    await asked.run.read(expect_area, asked.area)
    first, last = asked.period
    query = {"from": first.isoformat(), "to": last.isoformat(), **params}
    found = await asyncio.gather(*(_ask(asked, service, path, query, kind) for service in services))
    return dict(zip(services, found, strict=True))


async def _ask(
    asked: Asked, service: str, path: str, query: Mapping[str, str], kind: type[Answer]
) -> Answer | None:
    settings = asked.gateway.settings
    address = f"{settings.upstream(service)}/api/{service}/v1/metrics/areas/{asked.area}{path}"
    headers = {"Authorization": asked.token, "X-Request-ID": asked.run.actor.request_id}
    try:
        async with asyncio.timeout(settings.metrics_budget_seconds):
            response = await asked.gateway.client.get(address, params=query, headers=headers)
        response.raise_for_status()
        return kind.model_validate_json(response.content)
    except (httpx2.HTTPError, ValueError, TimeoutError) as error:
        log.warning("no figures", upstream=service, error=type(error).__name__)
        return None
