"""How a service is put together: its parts as one value, its application, its life from start to stop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import dataclass, field
from typing import Any

import httpx2
import structlog
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import MetaData
from starlette.types import ASGIApp

from onewindow_shared.plumbing import audit, description, health, inbox, problems
from onewindow_shared.plumbing.conflicts import Conflicts
from onewindow_shared.plumbing.database import connect
from onewindow_shared.plumbing.guesses import WrongCodes
from onewindow_shared.plumbing.health import Check
from onewindow_shared.plumbing.inbox import Handlers
from onewindow_shared.plumbing.listening import STOPPING
from onewindow_shared.plumbing.paging import Cursors
from onewindow_shared.plumbing.privacy import BadKeys
from onewindow_shared.plumbing.query import expect_known
from onewindow_shared.plumbing.relay import Relay
from onewindow_shared.plumbing.requests import RequestLog
from onewindow_shared.plumbing.runtime import Runtime, Verifier
from onewindow_shared.plumbing.sealed import SealedColumn, vault_from
from onewindow_shared.plumbing.settings import Misconfigured, ServiceSettings
from onewindow_shared.plumbing.ticker import Job, tick
from onewindow_shared.plumbing.timers import TimerHandlers
from onewindow_shared.plumbing.tls import trusted
from onewindow_shared.plumbing.tokens import TokenVerifier
from onewindow_shared.plumbing.transport import HttpTransport
from onewindow_shared.plumbing.unit import Unit

CLIENT_SECONDS = 10.0
log = structlog.get_logger()
Extension = Callable[[FastAPI, Runtime], AbstractAsyncContextManager[None]]
"""Something more that lives as long as the application."""
Front = Callable[[FastAPI, ServiceSettings], ASGIApp]
"""Puts something around the application."""


@dataclass(frozen=True)
class Service:
    """The parts of one service."""

    name: str
    title: str
    description: str
    settings: type[ServiceSettings]
    tables: MetaData
    routers: Sequence[APIRouter] = ()
    handlers: Handlers = field(default_factory=dict)
    timers: TimerHandlers = field(default_factory=dict)
    conflicts: Conflicts = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    destinations: Sequence[str] = ()
    """Services that it sends events to."""
    sealed: Sequence[SealedColumn] = ()
    """Columns of its own that hold sealed personal data, for re-encryption."""
    seed: Callable[[Unit], None] | None = None
    recount: Callable[[Unit], Sequence[dict[str, Any]]] | None = None
    """Counts every metric again from the service's own tables, as rollup deltas."""
    extension: Extension | None = None
    jobs: Callable[[FastAPI], Mapping[str, Job]] = lambda _: {}
    """What it does by itself besides timers, by name; looked for work every second."""
    verifier: Callable[[ServiceSettings], Verifier] | None = None
    """Checks tokens where the service holds the issuer's keys itself; by default they are fetched."""
    front: Front | None = None
    """What clients meet first, around the application; it reads the forwarding headers of proxies itself."""
    openapi_path: str | None = "/openapi.json"
    """Where the description is served; None where a route of the service does it."""

    @property
    def all_tables(self) -> tuple[MetaData, ...]:
        """The plumbing's tables, also those that the service itself has no use for, and the service's own."""
        return (WrongCodes.metadata, self.tables)

    @property
    def all_sealed(self) -> tuple[SealedColumn, ...]:
        """The plumbing's sealed columns and the service's own."""
        return (*audit.SEALED, *self.sealed)


def open_runtime(service: Service, settings: ServiceSettings, verifier: Verifier) -> Runtime:
    """Open the database and gather what use cases need."""
    return Runtime(
        name=service.name,
        settings=settings,
        database=connect(settings.database_url.get_secret_value(), settings.database_connections),
        vault=vault_from(settings.data_keys.get_secret_value(), settings.index_key.get_secret_value()),
        cursors=Cursors(settings.cursor_secret.get_secret_value().encode()),
        verifier=verifier,
        tables=service.all_tables,
        conflicts=service.conflicts,
    )


def create_app(
    service: Service,
    settings: ServiceSettings | None = None,
    *,
    verifier: Verifier | None = None,
    background: bool = True,
) -> FastAPI:
    """Build the application. Without settings it can only describe itself.

    `verifier` stands in for the issuer's keys; `background` off leaves relay and ticker to the caller.
    """

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        if settings is None:
            raise RuntimeError("this application was built without settings")
        async with AsyncExitStack() as stack:
            with _told():
                await start(app, settings, stack)
            yield {STOPPING: asyncio.Event()}

    async def start(app: FastAPI, settings: ServiceSettings, stack: AsyncExitStack) -> None:
        client = await stack.enter_async_context(
            httpx2.AsyncClient(timeout=CLIENT_SECONDS, trust_env=False, verify=trusted())
        )
        runtime = open_runtime(service, settings, verifier or _verifier(service, settings, client))
        stack.push_async_callback(runtime.database.close)
        app.state.runtime = runtime
        app.state.relay = _relay(service, runtime, client)
        runtime.on_publish = app.state.relay.wake
        if service.extension is not None:
            await stack.enter_async_context(service.extension(app, runtime))
        if background:
            await stack.enter_async_context(_background(service, runtime, app))

    app = FastAPI(
        title=service.title,
        description=service.description,
        version="1.0.0",
        lifespan=life,
        openapi_url=service.openapi_path,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: f"{service.name}_{route.name}",
        dependencies=[Depends(expect_known)],
        responses=problems.problems(problems.Invalid),
    )
    problems.install(app)
    description.install(app)
    app.add_middleware(RequestLog)
    for router in (inbox.router, *service.routers, health.router):
        app.include_router(router)
    app.state.handlers = service.handlers
    app.state.checks = {"database": health.database, **service.checks}
    return app


@contextmanager
def _told() -> Iterator[None]:
    """Log why a start failed; of messages, only those of our own that name settings and no values."""
    try:
        yield
    except Exception as error:
        why = {"why": str(error)} if isinstance(error, (Misconfigured, BadKeys)) else {}
        log.exception("start failed", **why)
        raise


def _verifier(service: Service, settings: ServiceSettings, client: httpx2.AsyncClient) -> Verifier:
    if service.verifier is not None:
        return service.verifier(settings)
    return TokenVerifier(settings.issuer, settings.jwks_url, settings.clock, client)


def served(service: Service, settings: ServiceSettings) -> ASGIApp:
    """Build what a server serves: the application, behind its front if it has one."""
    app = create_app(service, settings)
    return app if service.front is None else service.front(app, settings)


def _relay(service: Service, runtime: Runtime, client: httpx2.AsyncClient) -> Relay:
    settings = runtime.settings
    transport = HttpTransport(client, settings.peers, settings.events_secret.get_secret_value())
    return Relay(
        runtime.database, transport, service.destinations, settings.clock, settings.max_delivery_tries
    )


@asynccontextmanager
async def _background(service: Service, runtime: Runtime, app: FastAPI) -> AsyncIterator[None]:
    relay: Relay = app.state.relay
    ticking = tick(runtime, service.timers, service.jobs(app))
    tasks = [asyncio.create_task(relay.run()), asyncio.create_task(ticking)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
