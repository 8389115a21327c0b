"""What routes of this service need besides `Run`: the desk that posts cases, reference data and terms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request

from onewindow_intake.cases.posting import Desk
from onewindow_intake.cases.rules import Terms
from onewindow_intake.reference import Reference, Snapshot
from onewindow_intake.settings import Settings
from onewindow_intake.tracking.rules import Guard
from onewindow_shared.plumbing.runtime import Runtime, runtime_of


@asynccontextmanager
async def with_desk(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
    """Open the desk for as long as the application lives."""
    settings = cast("Settings", runtime.settings)
    app.state.reference = Reference(runtime)
    app.state.desk = Desk(runtime, app.state.reference, settings.terms, settings.serial_block)
    yield


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


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
SnapshotDep = Annotated[Snapshot, Depends(_snapshot)]
TermsDep = Annotated[Terms, Depends(_terms)]
GuardDep = Annotated[Guard, Depends(_guard)]
