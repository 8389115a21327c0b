"""Routes of contacts."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_intake.cases.problems import OutsideArea
from onewindow_intake.contacts import service
from onewindow_intake.contacts.problems import ContactSettled
from onewindow_intake.contacts.queries import Filter
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.contacts import Contact, ContactIn, ContactParticulars, OutcomeIn
from onewindow_shared.contracts.intake import CaseDisclosureIn
from onewindow_shared.plumbing.conditional import UNCHANGED, IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    CREATING,
    LISTING,
    READING,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/contacts", tags=["contacts"])
ContactId = Annotated[int, Path(ge=1, le=2**53)]


@router.post(
    "",
    status_code=201,
    summary="Take a contact",
    response_model=Contact,
    responses=problems(*CREATING, OutsideArea),
)
async def take_contact(
    body: ContactIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.CONTACT_KEEP)
) -> Response:
    """Write down what somebody asked, even without a case; nothing of the person is needed."""
    return await run.create(idempotency_key, body, service.take)


@router.get(
    "",
    summary="List contacts",
    response_model=Page[Contact],
    responses={**UNCHANGED, **problems(*LISTING)},
)
async def list_contacts(
    request: Request,
    wanted: Annotated[Wanted, from_query(Wanted)],
    chosen: Annotated[Filter, from_query(Filter)],
    run: Run = gated(Permission.CONTACT_READ),
) -> Response:
    """List the contacts of one's area, newest first.

    A page looks at a bounded number of contacts: it may hold fewer than asked for and still have a `next`.
    """
    return answer(request, await run.read(service.several, wanted, chosen))


@router.get(
    "/{contact_id}",
    summary="Read a contact",
    response_model=Contact,
    responses={**UNCHANGED, **problems(*READING)},
)
async def read_contact(
    request: Request, contact_id: ContactId, run: Run = gated(Permission.CONTACT_READ)
) -> Response:
    """Show a contact and what came of it."""
    found = await run.read(service.one, contact_id)
    return answer(request, found, etag=str(found.version))


@router.post(
    "/{contact_id}/outcome",
    summary="Settle a contact",
    responses=problems(*CHANGING, ContactSettled),
)
async def settle_contact(
    contact_id: ContactId,
    body: OutcomeIn,
    seen: IfMatch,
    run: Run = gated(Permission.CONTACT_KEEP),
) -> Contact:
    """Say what came of a contact: answered, a case, referred to another body, or nobody's matter."""
    return await run.change(service.settle, contact_id, seen, body)


@router.post(
    "/{contact_id}/disclosure",
    summary="Read who asked",
    responses=problems(*READING),
)
async def disclose_contact(
    contact_id: ContactId,
    body: CaseDisclosureIn,
    response: Response,
    run: Run = gated(Permission.CASE_UNMASK),
) -> ContactParticulars:
    """Show name and mobile of whoever asked, to call back; the reason is kept in the audit."""
    found = await run.write(service.disclose, contact_id, body)
    response.headers["Cache-Control"] = "no-store"
    return found
