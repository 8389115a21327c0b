"""What routes of the gateway need besides `Run`, and what lives as long as the application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import attrgetter
from typing import Any, cast

import httpx2
from fastapi import Depends, FastAPI, Request, Response
from joserfc import jwt

from onewindow_gateway.attempts import Attempts
from onewindow_gateway.codes import queries as codes
from onewindow_gateway.documentation.rules import Description
from onewindow_gateway.edge.addresses import limit_key
from onewindow_gateway.memory import ShortMemory
from onewindow_gateway.passwords import Passwords
from onewindow_gateway.revocations import Revocations, Unrevoked
from onewindow_gateway.sessions import queries as sessions
from onewindow_gateway.settings import Settings
from onewindow_gateway.signing import ALGORITHM, SigningKeys
from onewindow_gateway.sms import SmsSender, sender_from
from onewindow_gateway.tokens import OwnTokens
from onewindow_shared.contracts.casework import CommunityOut
from onewindow_shared.contracts.indicators import AreaMetrics
from onewindow_shared.contracts.metric_parts import AreaParts
from onewindow_shared.plumbing.requests import request_id
from onewindow_shared.plumbing.runtime import Gate, Run, Runtime, runtime_of
from onewindow_shared.plumbing.scope import EVERYTHING
from onewindow_shared.plumbing.ticker import every
from onewindow_shared.plumbing.tls import trusted
from onewindow_shared.plumbing.unit import Unit, anonymous

REVOCATION_SECONDS = 1.0
TIDY_SECONDS = 3600.0
KEPT = timedelta(days=1)
DAY_SECONDS = 86400


@dataclass(frozen=True)
class Gateway:
    """What the process holds besides its `Runtime`."""

    settings: Settings
    keys: SigningKeys
    passwords: Passwords
    password_tries: Attempts
    codes_sent: Attempts
    sender: SmsSender
    issued: OwnTokens
    revocations: Revocations
    client: httpx2.AsyncClient
    """For the services behind the gateway."""
    figures: ShortMemory[AreaMetrics]
    parts: ShortMemory[AreaParts]
    descriptions: ShortMemory[Description]
    communities: ShortMemory[list[CommunityOut]]


@asynccontextmanager
async def with_gateway(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
    """Open what the routes need, know the revoked sessions before the first request, and keep up to date."""
    settings = cast("Settings", runtime.settings)
    async with (
        httpx2.AsyncClient(trust_env=False, verify=trusted()) as client,
        httpx2.AsyncClient(timeout=settings.sms_seconds, verify=trusted(environment=True)) as provider,
    ):
        gateway = _gateway(settings, client, sender_from(settings, provider))
        app.state.gateway = gateway
        runtime.verifier = Unrevoked(runtime.verifier, gateway.revocations)
        await gateway.revocations.refresh(runtime)
        jobs = [
            every(REVOCATION_SECONDS, "revocations", lambda: gateway.revocations.refresh(runtime)),
            every(TIDY_SECONDS, "tidy sessions", lambda: runtime.system(_tidy)),
        ]
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            gateway.passwords.close()


def _tidy(unit: Unit) -> int:
    """Forget sessions and codes that have been over for a day."""
    codes.forget(unit.session, unit.now - KEPT)
    sessions.forget(unit.session, unit.now - KEPT)
    return 0


def _gateway(settings: Settings, client: httpx2.AsyncClient, sender: SmsSender) -> Gateway:
    return Gateway(
        settings=settings,
        keys=settings.keys,
        passwords=Passwords(),
        password_tries=Attempts(settings.sign_in_tries, settings.sign_in_wait_seconds),
        codes_sent=Attempts(settings.otp_per_day, DAY_SECONDS),
        sender=sender,
        issued=OwnTokens(settings),
        revocations=Revocations(settings.access_token_seconds),
        client=client,
        figures=ShortMemory(settings.metrics_cache_seconds),
        parts=ShortMemory(settings.metrics_cache_seconds),
        descriptions=ShortMemory(settings.description_cache_seconds, attrgetter("whole")),
        communities=ShortMemory(settings.description_cache_seconds),
    )


async def signing_check(runtime: Runtime) -> str | None:
    """Readiness: what is signed can be verified."""
    keys = cast("Settings", runtime.settings).keys
    jwt.decode(keys.sign({"sub": "probe"}), keys.key_set, algorithms=[ALGORITHM])
    return None


async def gateway_of(request: Request) -> Gateway:
    """Return what the process holds."""
    gateway: Gateway = request.app.state.gateway
    return gateway


async def client_of(request: Request) -> str:
    """Return the unit that tries are counted by: the client's address, or its network for IPv6."""
    return limit_key(request.client.host) if request.client else ""


class Door(Gate):
    """Lets everybody in to sign in. The token of the request is not looked at: it may have expired."""

    def __init__(self, why_public: str) -> None:
        super().__init__(None, why_public)

    async def __call__(self, request: Request, response: Response) -> Run:
        """Return the way to the use cases, in which every account can be found."""
        actor = replace(anonymous(request_id()), scope=EVERYTHING)
        return Run(runtime_of(request), actor, f"{request.method} {request.url.path}", response)


def at_the_door(why: str) -> Any:
    """Default of the `run` parameter of routes that sign somebody in or out."""
    return Depends(Door(why))
