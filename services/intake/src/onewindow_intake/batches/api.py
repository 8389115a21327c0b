"""Route of cases that were made offline."""

from fastapi import APIRouter

from onewindow_intake.batches.taking import take
from onewindow_intake.deps import DeskDep, SettingsDep, SnapshotDep
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.batches import CaseBatchAnswer, CaseBatchIn
from onewindow_shared.plumbing.problems import (
    ASKING,
    Unavailable,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/case-batches", tags=["cases"])


@router.post(
    "",
    summary="Hand in cases made offline",
    responses=problems(*ASKING, Unavailable),
)
async def post_batch(
    body: CaseBatchIn,
    desk: DeskDep,
    settings: SettingsDep,
    snapshot: SnapshotDep,
    run: Run = gated(Permission.CASE_BATCH),
) -> CaseBatchAnswer:
    """Post up to 500 cases that a window made offline; a bad one refuses only itself.

    May be sent again at any time, whole or in part and in any order: under one `client_id` there is one case.
    Each answer says from when the case counts as received and why, since the client's clock may be wrong.
    """
    return await take(run, desk, settings, body, snapshot.calendar)
