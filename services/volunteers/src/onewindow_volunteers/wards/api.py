"""Routes of guardians."""

from fastapi import APIRouter, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.volunteer_life import ConsentsIn, WardOut
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.problems import (
    MOVING,
    READING,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.deps import beyond_ones_own
from onewindow_volunteers.wards import service

router = APIRouter(prefix="/api/volunteers/v1/wards", tags=["people"])


@router.get(
    "/{volunteer_no}",
    response_model=WardOut,
    summary="What a guardian is asked to agree to",
    responses=problems(*READING),
)
async def read_ward(
    request: Request, volunteer_no: VolunteerNo, run: Run = gated(Permission.VOLUNTEER_REGISTER)
) -> Response:
    """Show a minor's registration to whoever is signed in with the phone of its guardian."""
    ward = await beyond_ones_own(run).read(service.one, volunteer_no)
    return answer(request, ward, etag=str(ward.version))


@router.post("/{volunteer_no}/confirmation", summary="Agree as a guardian", responses=problems(*MOVING))
async def confirm_ward(
    volunteer_no: VolunteerNo, seen: IfMatch, run: Run = gated(Permission.VOLUNTEER_REGISTER)
) -> WardOut:
    """Agree to a minor's registration, by the guardian's own phone; the minor serves only after it."""
    return await beyond_ones_own(run).change(service.confirm, volunteer_no, seen)


@router.post("/{volunteer_no}/refusal", summary="Refuse as a guardian", responses=problems(*MOVING))
async def refuse_ward(
    volunteer_no: VolunteerNo, seen: IfMatch, run: Run = gated(Permission.VOLUNTEER_REGISTER)
) -> WardOut:
    """Do not, or no longer, agree to a minor's registration, which ends it."""
    return await beyond_ones_own(run).change(service.refuse, volunteer_no, seen)


@router.put("/{volunteer_no}/consents", summary="Say what a guardian agrees to", responses=problems(*MOVING))
async def change_ward_consents(
    volunteer_no: VolunteerNo,
    body: ConsentsIn,
    seen: IfMatch,
    run: Run = gated(Permission.VOLUNTEER_REGISTER),
) -> WardOut:
    """Agree, as the guardian of a child, to each purpose by itself, or no longer."""
    return await beyond_ones_own(run).change(service.agree, volunteer_no, seen, body)
