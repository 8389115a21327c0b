"""Route of the check that clerks make before they take papers."""

from fastapi import APIRouter

from onewindow_intake.deps import SnapshotDep
from onewindow_intake.routing import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.routing import RouteCheckIn, RouteCheckOut
from onewindow_shared.plumbing.problems import ASKING, problems
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/route-checks", tags=["cases"])


@router.post("", summary="Check a route", responses=problems(*ASKING))
async def check_route(
    body: RouteCheckIn, snapshot: SnapshotDep, run: Run = gated(Permission.CASE_CREATE)
) -> RouteCheckOut:
    """Say whether a matter may be taken in here today; if not, on what basis, and who does it instead."""
    del run
    offer = snapshot.offer(body.item_code, body.community) if body.item_code else None
    return service.check(body, offer.guide if offer else None, snapshot.matters, snapshot.day)
