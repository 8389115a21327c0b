"""Routes of saved views."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_intake.deps import SettingsDep
from onewindow_intake.views import service
from onewindow_intake.views.problems import NameTaken
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.views import StandardViews, ViewIn, ViewOut
from onewindow_shared.plumbing.conditional import UNCHANGED, IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    CREATING,
    GATED,
    LISTING,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/views", tags=["worklists"])
KEEPER = gated(Permission.VIEW_KEEP)
Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.get("/standard", summary="Views that everybody has", responses=problems(*GATED))
async def read_standard_views(settings: SettingsDep, run: Run = KEEPER) -> StandardViews:
    """Count what is to be accepted or told today, what waits for residents, and what is one's own."""
    return await run.read(service.standard, settings.notice_soon_days)


@router.get(
    "",
    summary="List views",
    response_model=Page[ViewOut],
    responses={**UNCHANGED, **problems(*LISTING)},
)
async def list_views(
    request: Request, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = KEEPER
) -> Response:
    """List one's own views and those that one's office shares; each count stops at a thousand."""
    return answer(request, await run.read(service.several, wanted))


@router.post(
    "",
    status_code=201,
    response_model=ViewOut,
    summary="Keep a view",
    responses=problems(*CREATING, NameTaken),
)
async def keep_view(body: ViewIn, key: IdempotencyKey, run: Run = KEEPER) -> Response:
    """Keep a list of cases under a name, for oneself or for everybody at the same office."""
    return await run.create(key, body, service.keep)


@router.put("/{view_id}", summary="Change a view", responses=problems(*CHANGING, NameTaken))
async def change_view(view_id: Id, body: ViewIn, seen: IfMatch, run: Run = KEEPER) -> ViewOut:
    """Change one of one's own views."""
    return await run.change(service.change, view_id, seen, body)


@router.delete("/{view_id}", status_code=204, summary="Drop a view", responses=problems(*CHANGING))
async def drop_view(view_id: Id, seen: IfMatch, run: Run = KEEPER) -> None:
    """Give one of one's own views up."""
    await run.write(service.drop, view_id, seen)
