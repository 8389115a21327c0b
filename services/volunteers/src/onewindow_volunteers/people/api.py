"""Routes of people: registrations, one's own record, and what the communities see."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import CommunityCode, Page
from onewindow_shared.contracts.numbers import VolunteerNo
from onewindow_shared.contracts.volunteer_life import MoveIn, ReturnIn
from onewindow_shared.contracts.volunteers import (
    DisclosureIn,
    DisclosureOut,
    MyRecordOut,
    RegistrationIn,
    VerificationIn,
    VolunteerOut,
    VolunteerRow,
    VolunteerStatus,
)
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    GATED,
    LISTING,
    MOVING,
    READING,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.deps import identify, terms_of
from onewindow_volunteers.people import reading, service
from onewindow_volunteers.people.service import AlreadyRegistered, ErasedBefore, Terms, TooManyChecks

router = APIRouter(prefix="/api/volunteers/v1", tags=["people"])


@router.post(
    "/registrations",
    status_code=201,
    response_model=VolunteerOut,
    summary="Sign up as a volunteer",
    responses=problems(*CREATING, AlreadyRegistered, ErasedBefore, TooManyChecks),
)
async def register(
    request: Request,
    body: RegistrationIn,
    idempotency_key: IdempotencyKey,
    terms: Annotated[Terms, Depends(terms_of)],
    run: Run = gated(Permission.VOLUNTEER_REGISTER),
) -> Response:
    """Sign up with the phone number that one is signed in with; one person registers once.

    The form is judged before the identity check is asked; how often it is asked for one account is limited.
    Verified and registered at once, or waiting for the community's verification (`registering`).
    """
    ask = partial(identify, request, run, terms, body)
    return await run.create(idempotency_key, body, service.register, terms, ask=ask)


@router.get("/people", summary="List volunteers", responses=problems(*LISTING))
async def list_people(
    wanted: Annotated[Wanted, from_query(Wanted)],
    community: Annotated[CommunityCode | None, Query(description="Only this community's")] = None,
    status: Annotated[VolunteerStatus | None, Query(description="Only these")] = None,
    run: Run = gated(Permission.VOLUNTEER_READ),
) -> Page[VolunteerRow]:
    """List the volunteers of one's area by number, with masked names."""
    return await run.read(reading.several, wanted, community, status)


@router.get(
    "/people/me",
    response_model=MyRecordOut,
    summary="Read one's own record",
    responses=problems(*GATED, NotFound),
)
async def read_own_record(request: Request, run: Run = gated(Permission.VOLUNTEER_READ)) -> Response:
    """Show everything that is kept of oneself; 404 for whoever never signed up, and so for staff."""
    record = await run.read(reading.mine)
    return answer(request, record, etag=str(record.version))


@router.get(
    "/people/{volunteer_no}",
    response_model=VolunteerOut,
    summary="Read a volunteer",
    responses=problems(*READING),
)
async def read_person(
    request: Request, volunteer_no: VolunteerNo, run: Run = gated(Permission.VOLUNTEER_READ)
) -> Response:
    """Show a volunteer of one's area with masked particulars."""
    person = await run.read(reading.one, volunteer_no)
    return answer(request, person, etag=str(person.version))


@router.post("/people/{volunteer_no}/verification", summary="Verify an identity", responses=problems(*MOVING))
async def verify_person(
    volunteer_no: VolunteerNo,
    body: VerificationIn,
    seen: IfMatch,
    run: Run = gated(Permission.VOLUNTEER_VERIFY),
) -> VolunteerOut:
    """Confirm an identity after seeing the person and the document, or disprove it, which ends it."""
    return await run.change(service.verify, volunteer_no, seen, body)


@router.post("/people/{volunteer_no}/departure", summary="Leave", responses=problems(*MOVING))
async def leave(
    volunteer_no: VolunteerNo,
    seen: IfMatch,
    run: Run = gated(Permission.VOLUNTEER_REGISTER),
) -> VolunteerOut:
    """Stop being a volunteer; everybody may do so with their own record at any time."""
    return await run.change(service.leave, volunteer_no, seen)


@router.post(
    "/people/{volunteer_no}/return", summary="Come back", responses=problems(*MOVING, AlreadyRegistered)
)
async def come_back(
    volunteer_no: VolunteerNo,
    body: ReturnIn,
    seen: IfMatch,
    run: Run = gated(Permission.VOLUNTEER_REGISTER),
) -> VolunteerOut:
    """Serve again after leaving, under the same number; a minor's guardian confirms anew."""
    return await run.change(service.come_back, volunteer_no, seen, body)


@router.post("/people/{volunteer_no}/move", summary="Move to another community", responses=problems(*MOVING))
async def change_community(
    volunteer_no: VolunteerNo,
    body: MoveIn,
    seen: IfMatch,
    run: Run = gated(Permission.VOLUNTEER_REGISTER),
) -> VolunteerOut:
    """Belong to another community from today; earlier figures and records stay with the old one."""
    return await run.change(service.change_community, volunteer_no, seen, body)


@router.post(
    "/people/{volunteer_no}/disclosure",
    summary="Disclose the full particulars",
    responses=problems(*READING),
)
async def disclose(
    volunteer_no: VolunteerNo,
    body: DisclosureIn,
    response: Response,
    terms: Annotated[Terms, Depends(terms_of)],
    run: Run = gated(Permission.VOLUNTEER_UNMASK),
) -> DisclosureOut:
    """Show full particulars for a stated reason; who saw them and why is audited, minors as such."""
    response.headers["Cache-Control"] = "no-store"
    return await run.write(reading.disclose, terms.ages, volunteer_no, body)
