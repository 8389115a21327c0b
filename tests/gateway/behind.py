"""The services behind the gateway, scripted: what each answers, how slowly, and what it was asked."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

from gateway.conftest import held
from onewindow_gateway.settings import BEHIND
from onewindow_shared.contracts.metric_parts import By
from onewindow_shared.contracts.metrics import FACETS, OWNERS
from testkit.api import Api

FIGURES: dict[str, dict[str, int | None]] = {
    "intake": {"cases.received": 120, "cases.accepted": 100},
    "casework": {
        "cases.closed": 80,
        "cases.closed_on_time": 76,
        "cases.overdue_open": 3,
        "reviews.rated": 50,
        "reviews.satisfied": 49,
    },
    "volunteers": {"volunteers.registered": 397},
}
PARTS: dict[str, dict[str, dict[str, int | None]]] = {
    "intake": {
        "window": {"cases.received": 100},
        "phone": {"cases.received": 17},
        "web": {"cases.received": 3},
    },
    "casework": {"window": {"cases.closed": 70, "cases.closed_on_time": 66}, "phone": {"cases.closed": 10}},
    "volunteers": {},
}


def apart_by(by: str, service: str) -> dict[str, int | None]:
    """Return what a service that counted nothing else tells of a part."""
    facet = By(by).facet
    return {
        one: 0
        for one, owner in OWNERS.items()
        if owner == service and (facet is None or facet in FACETS.get(one, ()))
    }


@dataclass
class Behind:
    """Every service; `wait` are seconds, `down` do not answer at all."""

    figures: dict[str, dict[str, int | None]] = field(default_factory=lambda: {**FIGURES})
    parts: dict[str, dict[str, dict[str, int | None]]] = field(default_factory=lambda: {**PARTS})
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    percentiles: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    multiples_of: int | None = None
    reviews_multiples_of: dict[str, int] = field(default_factory=dict)
    norms: list[dict[str, Any]] = field(default_factory=list)
    """What casework holds figures against."""
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    wait: dict[str, float] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    garbled: set[str] = field(default_factory=set)
    asked: list[httpx2.Request] = field(default_factory=list)

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        service = request.url.host.removesuffix(".test")
        await asyncio.sleep(self.wait.get(service, 0))
        if service in self.down:
            raise httpx2.ConnectError("down")
        if service in self.garbled:
            return httpx2.Response(200, content=b'{"figures": "many"}')
        if request.url.path == "/openapi.json":
            return httpx2.Response(200, json=self.documents[service])
        return httpx2.Response(200, json=self._answer(service, request))

    def _answer(self, service: str, request: httpx2.Request) -> dict[str, Any]:
        prefix = f"/api/{service}/v1/metrics/areas/"
        assert request.url.path.startswith(prefix)
        area, *apart = request.url.path.removeprefix(prefix).split("/")
        asked = {
            "area": area,
            "period_from": request.url.params["from"],
            "period_to": request.url.params["to"],
            "multiples_of": self.multiples_of,
            "reviews_multiples_of": self.reviews_multiples_of.get(service),
            "as_of": f"2026-11-23T01:29:{BEHIND.index(service):02}Z",
        }
        counted = {
            "figures": {one: 0 for one, owner in OWNERS.items() if owner == service} | self.figures[service],
            "percentiles": self.percentiles.get(service, {}),
            "norms": self.norms if service == "casework" else [],
            "population": 39644 if service != "intake" else None,
        }
        if not apart:
            return asked | counted
        by = request.url.params["by"]
        parts = [
            {
                "key": key,
                "name": self.names.get(service, {}).get(key),
                "population": None,
                "figures": apart_by(by, service) | figures,
            }
            for key, figures in self.parts[service].items()
        ]
        return asked | {"by": by, "parts": parts}


@contextmanager
def standing_behind(api: Api, behind: Behind) -> Iterator[None]:
    """Let the gateway ask the scripted services."""
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(behind))
    real, api.app.state.gateway = held(api), replace(held(api), client=client)
    yield
    api.app.state.gateway = real
