"""Liveness and readiness; readiness says which dependency is missing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from onewindow_shared.plumbing.migrations import missing_revision
from onewindow_shared.plumbing.runtime import Runtime, runtime_of
from onewindow_shared.plumbing.scope import EVERYTHING

Check = Callable[[Runtime], Awaitable[str | None]]
"""Returns what is missing, or None."""
router = APIRouter(tags=["health"])
LIVE = {"status": "live"}
CHECK_SECONDS = 3.0


@router.get("/healthz", summary="The process runs")
async def healthz() -> dict[str, str]:
    """Answer as long as the process can."""
    return LIVE


@router.get("/readyz", summary="Every dependency is there", responses={503: {"description": "Not ready"}})
async def readyz(request: Request) -> JSONResponse:
    """Name each dependency with `ok` or with what is missing; 503 if anything is."""
    runtime = runtime_of(request)
    checks: Mapping[str, Check] = request.app.state.checks
    states = await asyncio.gather(*(_run(check, runtime) for check in checks.values()))
    found = dict(zip(checks, states, strict=True))
    ready = all(state == "ok" for state in found.values())
    return JSONResponse({"ready": ready, "checks": found}, 200 if ready else 503)


async def _run(check: Check, runtime: Runtime) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check(runtime) or "ok"
    except TimeoutError:
        return f"no answer within {CHECK_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001 - a check that fails is the answer
        return f"failed: {type(error).__name__}"


async def database(runtime: Runtime) -> str | None:
    """Check that the database answers and is migrated."""
    await runtime.database.read(EVERYTHING, lambda session: session.execute(text("SELECT 1")))
    return await missing_revision(runtime)
