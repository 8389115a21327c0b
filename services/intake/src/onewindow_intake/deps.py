"""What routes of this service need besides `Run`: the desk for cases, the keeper of documents, terms."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request

from onewindow_intake.cases.posting import Desk
from onewindow_intake.cases.rules import Terms
from onewindow_intake.documents.keeping import Keeper
from onewindow_intake.documents.scanning import scanner_of
from onewindow_intake.messages.models import ApplicantMessage
from onewindow_intake.messages.service import addressed
from onewindow_intake.reference import Reference, Snapshot
from onewindow_intake.settings import Settings
from onewindow_shared.plumbing.guesses import Guard
from onewindow_shared.plumbing.messages import Outlet, open_hook
from onewindow_shared.plumbing.runtime import Runtime, runtime_of
from onewindow_shared.plumbing.ticker import Job


@asynccontextmanager
async def with_desk(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
    """Open the desk, and the way out for messages, for as long as the application lives."""
    settings = cast("Settings", runtime.settings)
    app.state.reference = Reference(runtime)
    app.state.desk = Desk(runtime, app.state.reference, settings.terms, settings.serial_block)
    app.state.keeper = Keeper(
        runtime,
        settings.document_store(),
        settings.documents,
        scanner_of(settings.scan_url, settings.scan_command),
    )
    async with open_hook(settings) as hook:
        app.state.outlet = Outlet(runtime, ApplicantMessage, hook, addressed)
        yield


def jobs(app: FastAPI) -> Mapping[str, Job]:
    """Return what is done about documents and messages without anybody asking."""
    keeper: Keeper = app.state.keeper
    outlet: Outlet = app.state.outlet
    return {"documents": keeper.tend, "scanning": keeper.scan, "messages": outlet.next}


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _keeper(request: Request) -> Keeper:
    keeper: Keeper = request.app.state.keeper
    return keeper


async def _snapshot(request: Request) -> Snapshot:
    reference: Reference = request.app.state.reference
    return await reference.current()


async def _terms(request: Request) -> Terms:
    return _settings(request).terms


async def _guard(request: Request) -> Guard:
    return _settings(request).tracking


async def _all_settings(request: Request) -> Settings:
    return _settings(request)


def _settings(request: Request) -> Settings:
    return cast("Settings", runtime_of(request).settings)


DeskDep = Annotated[Desk, Depends(_desk)]
SettingsDep = Annotated[Settings, Depends(_all_settings)]
KeeperDep = Annotated[Keeper, Depends(_keeper)]
SnapshotDep = Annotated[Snapshot, Depends(_snapshot)]
TermsDep = Annotated[Terms, Depends(_terms)]
GuardDep = Annotated[Guard, Depends(_guard)]
