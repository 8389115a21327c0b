"""The way out of the house for messages to staff."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI

from onewindow_casework.messages.models import StaffMessage
from onewindow_casework.messages.service import addressed
from onewindow_casework.settings import Settings
from onewindow_shared.plumbing.messages import Outlet, open_hook
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.ticker import Job


@asynccontextmanager
async def with_outlet(app: FastAPI, runtime: Runtime) -> AsyncIterator[None]:
    """Keep the way open as long as the application lives."""
    async with open_hook(cast("Settings", runtime.settings)) as hook:
        app.state.outlet = Outlet(runtime, StaffMessage, hook, addressed)
        yield


def sending(app: FastAPI) -> dict[str, Job]:
    """Return the job that sends, by name."""
    return {"messages": app.state.outlet.next}
