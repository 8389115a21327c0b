"""Route of invitations to review, for whoever proved a phone."""

from collections.abc import Sequence

from fastapi import APIRouter

from onewindow_intake.reviewing import service
from onewindow_shared.contracts.reviews import InvitationsIn, ReviewInvitation
from onewindow_shared.plumbing.problems import GATED, Invalid, NotPermitted, problems
from onewindow_shared.plumbing.runtime import Run, open_to_all
from onewindow_shared.plumbing.unit import Unit, system_actor

router = APIRouter(prefix="/api/intake/v1/review-invitations", tags=["tracking"])


@router.post("", summary="What can be reviewed by this phone", responses=problems(*GATED, Invalid))
async def list_invitations(
    body: InvitationsIn,
    run: Run = open_to_all("a resident without an account comes with a token that proves their phone"),
) -> Sequence[ReviewInvitation]:
    """Show the handled cases of a proved phone that can be reviewed, with their codes."""
    run.response.headers["Cache-Control"] = "no-store"

    def look_up(unit: Unit) -> Sequence[ReviewInvitation]:
        if not service.proves(unit, run.actor.phone_proof, body.phone):
            raise NotPermitted(detail="Prove this phone with a one-time code first.")
        return service.of_phone(unit, body.phone)

    return await run.runtime.read(system_actor(run.runtime.name, run.actor.request_id), look_up)
