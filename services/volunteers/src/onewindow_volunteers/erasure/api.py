"""The route of erasure."""

from fastapi import APIRouter

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.volunteer_life import ErasureIn, ErasureOut
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.problems import (
    MOVING,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.erasure import service

router = APIRouter(prefix="/api/volunteers/v1", tags=["people"])


@router.post(
    "/people/{volunteer_no}/erasure",
    summary="Have one's personal data erased",
    responses=problems(*MOVING),
)
async def erase_person(
    volunteer_no: VolunteerNo,
    body: ErasureIn,
    seen: IfMatch,
    run: Run = gated(Permission.VOLUNTEER_REGISTER),
) -> ErasureOut:
    """Erase one's own data for good: hours stay counted, certificates are kept verifiable or revoked."""
    return await run.write(service.erase, volunteer_no, seen, body)
