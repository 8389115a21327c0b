"""Routes of applications: writing, handing in, hearing, deciding."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from onewindow_casework.admission import checks, queries, review, service
from onewindow_casework.admission.problems import NotAsked, OpinionsOutstanding
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.applications import (
    AdmissionDecisionIn,
    CheckIn,
    CheckOut,
    ItemIn,
    ItemOut,
    ItemRow,
    ItemStepOut,
    OpinionIn,
    OpinionOut,
    ReturnIn,
    ReviewIn,
)
from onewindow_shared.contracts.common import Code, Page
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    ASKING,
    CREATING,
    LISTING,
    MOVING,
    READING,
    BadCursor,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1/admission", tags=["admission"])


@router.post("/checks", summary="Check an application", responses=problems(*ASKING))
async def check_application(body: CheckIn, run: Run = gated(Permission.ADMISSION_APPLY)) -> CheckOut:
    """Say, while it is written, what an application would be rejected for at once, with the quoted basis."""
    return await run.read(checks.check, body)


@router.post(
    "/items",
    status_code=201,
    response_model=ItemOut,
    summary="Begin an application",
    responses=problems(*CREATING),
)
async def draft_item(
    body: ItemIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.ADMISSION_APPLY)
) -> Response:
    """Keep a draft of one's own department's application; `findings` says what it comes upon."""
    return await run.create(idempotency_key, body, service.draft)


@router.get("/items", summary="List items", responses=problems(*LISTING))
async def list_items(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[queries.Filters, from_query(queries.Filters)],
    run: Run = gated(Permission.ADMISSION_READ),
) -> Page[ItemRow]:
    """List the items of one's department or district, or those one was asked about, the newest first."""
    return await run.read(queries.several, wanted, filters)


@router.get("/items/{code}", response_model=ItemOut, summary="Read an item", responses=problems(*READING))
async def read_item(request: Request, code: Code, run: Run = gated(Permission.ADMISSION_READ)) -> Response:
    """Show an item with its form, opinions, decisions, and what the caller may do."""
    found = await run.read(service.read, code)
    return answer(request, found, etag=str(found.version))


@router.get("/items/{code}/steps", summary="History of an item", responses=problems(*READING, BadCursor))
async def list_steps(
    code: Code,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.ADMISSION_READ),
) -> Page[ItemStepOut]:
    """List everything that happened to an item since its draft, the oldest first."""
    return await run.read(queries.steps, wanted, code)


@router.put("/items/{code}", summary="Rewrite an application", responses=problems(*MOVING))
async def rewrite_item(
    code: Code,
    body: ItemIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_APPLY),
) -> ItemOut:
    """Replace the form of a draft, or of an application that was returned."""
    return await run.change(service.rewrite, code, seen, body)


@router.post("/items/{code}/submission", summary="Hand an application in", responses=problems(*MOVING))
async def submit_item(code: Code, seen: IfMatch, run: Run = gated(Permission.ADMISSION_APPLY)) -> ItemOut:
    """Hand in (N1); what must not be asked of communities comes back `rejected` at once (N2)."""
    return await run.change(service.submit, code, seen)


@router.post("/items/{code}/withdrawal", summary="Take an application back", responses=problems(*MOVING))
async def withdraw_item(code: Code, seen: IfMatch, run: Run = gated(Permission.ADMISSION_APPLY)) -> ItemOut:
    """Take an application back before it is decided."""
    return await run.change(service.withdraw, code, seen)


@router.post("/items/{code}/review", summary="Take an application up", responses=problems(*MOVING))
async def review_item(
    code: Code,
    body: ReviewIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_REVIEW),
) -> ItemOut:
    """Begin the review (N3): street offices and communities concerned are asked for their opinions."""
    return await run.change(review.review, code, seen, body)


@router.post("/items/{code}/return", summary="Return an application", responses=problems(*MOVING))
async def return_item(
    code: Code,
    body: ReturnIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_REVIEW),
) -> ItemOut:
    """Send an application back for completion (N4)."""
    return await run.change(review.send_back, code, seen, body)


@router.post(
    "/items/{code}/decision",
    summary="Decide an application",
    responses=problems(*MOVING, OpinionsOutstanding),
)
async def decide_item(
    code: Code,
    body: AdmissionDecisionIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_REVIEW),
) -> ItemOut:
    """Write down the joint meeting's decision (N5): admitted as what, or rejected, and why."""
    return await run.change(review.decide, code, seen, body)


@router.post(
    "/items/{code}/opinions",
    status_code=201,
    response_model=OpinionOut,
    summary="Give one's opinion",
    responses=problems(*CREATING, NotFound, NotAsked),
)
async def give_opinion(
    code: Code,
    body: OpinionIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.ADMISSION_OPINE),
) -> Response:
    """Answer for one's own street office or community, once, until the day that was set."""
    return await run.create(idempotency_key, body, review.answer, code)


@router.get("/opinions", summary="List opinions asked for", responses=problems(*LISTING))
async def list_opinions(
    wanted: Annotated[Wanted, from_query(Wanted)],
    unanswered: Annotated[bool, Query(description="Only those without an answer")] = False,
    run: Run = gated(Permission.ADMISSION_READ),
) -> Page[OpinionOut]:
    """List what one's community, street, department's applications or district were asked and answered."""
    return await run.read(queries.opinions, wanted, unanswered=unanswered)
