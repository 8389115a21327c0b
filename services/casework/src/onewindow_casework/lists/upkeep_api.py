"""Routes of what becomes of an item after it was admitted."""

from fastapi import APIRouter

from onewindow_casework.admission.problems import OpinionsOutstanding
from onewindow_casework.lists import upkeep
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.applications import ExitIn, ItemOut, ReasonIn
from onewindow_shared.contracts.common import Code
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.problems import (
    MOVING,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1/admission/items/{code}", tags=["admission"])


@router.post("/adjustment", summary="Review a listed item again", responses=problems(*MOVING))
async def adjust_item(
    code: Code,
    body: ReasonIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_REVIEW),
) -> ItemOut:
    """Take a listed item up again before its time (N9); it stays listed meanwhile."""
    return await run.change(upkeep.adjust, code, seen, body)


@router.post(
    "/confirmation", summary="Let a reviewed item stay", responses=problems(*MOVING, OpinionsOutstanding)
)
async def confirm_item(
    code: Code,
    body: ReasonIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_REVIEW),
) -> ItemOut:
    """Let an item stay that was taken up again; its next review comes due by itself.

    Street offices and communities that were asked are heard first, while they still have time.
    """
    return await run.change(upkeep.confirm, code, seen, body)


@router.post("/exit", summary="Let an item go", responses=problems(*MOVING))
async def exit_item(
    code: Code,
    body: ExitIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_REVIEW),
) -> ItemOut:
    """End an item (N10); from now on it may not be asked, whatever a list says."""
    return await run.change(upkeep.exit_, code, seen, body)


@router.post("/revocation", summary="Revoke an admission", responses=problems(*MOVING))
async def revoke_item(
    code: Code,
    body: ReasonIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_REVIEW),
) -> ItemOut:
    """Take an admission back (N11); from now on the item may not be asked, whatever a list says."""
    return await run.change(upkeep.revoke, code, seen, body)
