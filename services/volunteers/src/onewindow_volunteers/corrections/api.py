"""Routes of corrections."""

from fastapi import APIRouter, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.volunteer_life import ConsentsIn, CorrectionIn, PhoneChangeIn, PhoneChangeOut
from onewindow_shared.contracts.volunteers import VolunteerOut
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.problems import CREATING, MOVING, READING, MoveRefused, NotFound, problems
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.corrections import service
from onewindow_volunteers.deps import beyond_ones_own
from onewindow_volunteers.people.service import AlreadyRegistered

router = APIRouter(prefix="/api/volunteers/v1/people", tags=["people"])
CORRECTOR = gated(Permission.VOLUNTEER_CORRECT)


@router.post("/{volunteer_no}/correction", summary="Correct what one said", responses=problems(*MOVING))
async def correct_person(
    volunteer_no: VolunteerNo, body: CorrectionIn, seen: IfMatch, run: Run = CORRECTOR
) -> VolunteerOut:
    """Say what skills, times and categories are from now on, one's own or at the window with a reason."""
    return await run.change(service.correct, volunteer_no, seen, body)


@router.put("/{volunteer_no}/consents", summary="Say what one agrees to", responses=problems(*MOVING))
async def change_consents(
    volunteer_no: VolunteerNo, body: ConsentsIn, seen: IfMatch, run: Run = CORRECTOR
) -> VolunteerOut:
    """Agree to each purpose by itself, or no longer; the window only takes back, with a reason."""
    return await run.change(service.agree, volunteer_no, seen, body)


@router.post(
    "/{volunteer_no}/phone-changes",
    status_code=201,
    response_model=PhoneChangeOut,
    summary="State another phone number",
    responses=problems(*CREATING, NotFound, MoveRefused),
)
async def change_phone(
    volunteer_no: VolunteerNo, body: PhoneChangeIn, idempotency_key: IdempotencyKey, run: Run = CORRECTOR
) -> Response:
    """State by which number somebody is reached, oneself or at the window; that phone has to confirm it."""
    return await run.create(idempotency_key, body, service.ask_for_phone, volunteer_no)


@router.post(
    "/{volunteer_no}/phone-changes/confirmation",
    summary="Confirm another phone number",
    responses=problems(*READING, MoveRefused, AlreadyRegistered),
)
async def confirm_new_phone(
    volunteer_no: VolunteerNo, run: Run = gated(Permission.VOLUNTEER_REGISTER)
) -> VolunteerOut:
    """Confirm one's number, signed in with it: registration and hours go along to this account."""
    return await beyond_ones_own(run).change(service.confirm_phone, volunteer_no)
