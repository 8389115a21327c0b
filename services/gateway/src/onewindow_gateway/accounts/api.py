"""Routes of accounts."""

from typing import Annotated

from fastapi import APIRouter

from onewindow_gateway.accounts import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.accounts import MeOut, StaffAccountOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import BadCursor, Invalid, NotPermitted, Unauthorized, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/auth", tags=["accounts"])


@router.get("/me", summary="Who am I", responses=problems(Unauthorized, NotPermitted))
async def read_me(run: Run = gated(Permission.ACCOUNT_READ)) -> MeOut:
    """Tell who the token stands for and what they may do."""
    return await run.read(service.me)


@router.get(
    "/accounts",
    summary="Staff accounts of one's area",
    responses=problems(Unauthorized, NotPermitted, Invalid, BadCursor),
)
async def list_accounts(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.ACCOUNT_MANAGE)
) -> Page[StaffAccountOut]:
    """List staff accounts by user name, a page at a time."""
    return await run.read(service.list_accounts, wanted)
