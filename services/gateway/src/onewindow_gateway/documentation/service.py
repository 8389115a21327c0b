"""Gathers the services' descriptions."""

import asyncio
import json

import httpx2
import structlog
from fastapi import FastAPI

from onewindow_gateway.deps import Gateway
from onewindow_gateway.documentation.rules import Description, Document, merge
from onewindow_gateway.settings import BEHIND

SECONDS = 2.0
ABOUT = (
    "One window for the residents of a district: applications, casework, volunteers, and the figures of it "
    "all. Sign in at `/auth/token` or, by phone, at `/auth/otp`; every address below is this gateway's."
)
log = structlog.get_logger()


async def merged(app: FastAPI, gateway: Gateway) -> bytes:
    """Return the one description as JSON, as it was some seconds ago at most."""
    return (await gateway.descriptions.get("all", lambda: _merge(app, gateway))).json


async def _merge(app: FastAPI, gateway: Gateway) -> Description:
    others = await asyncio.gather(*(_ask(gateway, service) for service in BEHIND))
    documents = {"gateway": app.openapi(), **dict(zip(BEHIND, others, strict=True))}
    told = json.dumps(merge(ABOUT, gateway.settings.issuer, documents), ensure_ascii=False).encode()
    return Description(told, whole=None not in others)


async def _ask(gateway: Gateway, service: str) -> Document | None:
    try:
        async with asyncio.timeout(SECONDS):
            response = await gateway.client.get(f"{gateway.settings.upstream(service)}/openapi.json")
        response.raise_for_status()
        document: Document = response.json()
    except (httpx2.HTTPError, ValueError, TimeoutError) as error:
        log.warning("no description", upstream=service, error=type(error).__name__)
        return None
    return document
