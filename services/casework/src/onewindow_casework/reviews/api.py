"""Routes of reviewing with an account, one's own or the clerk's."""

from fastapi import APIRouter, Request, Response

from onewindow_casework.reviews import service
from onewindow_casework.reviews.service import AlreadyReviewed, TooLate
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.reviews import FollowUpIn, ReviewIn, ReviewOut
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.problems import (
    CREATING,
    READING,
    MoveRefused,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["reviews"])


@router.post(
    "/cases/{case_no}/review",
    status_code=201,
    response_model=ReviewOut,
    summary="Review the handling",
    responses=problems(*CREATING, NotFound, MoveRefused, AlreadyReviewed, TooLate),
)
async def review_case(
    case_no: CaseNo,
    body: ReviewIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_REVIEW),
) -> Response:
    """Rate one handling of one's own case once, from 5 (very satisfied) to 1; or on the clerk's device."""
    return await run.create(idempotency_key, body, service.rate, case_no)


@router.get(
    "/cases/{case_no}/review",
    response_model=ReviewOut,
    summary="Read the review",
    responses=problems(*READING),
)
async def read_review(request: Request, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> Response:
    """Show the latest review of a case; 404 while there is none, and to staff where it was given unnamed."""
    return answer(request, await run.read(service.read, case_no))


@router.post(
    "/cases/{case_no}/review/follow-up",
    status_code=201,
    response_model=ReviewOut,
    summary="Follow up a bad review",
    responses=problems(*CREATING, NotFound, MoveRefused, TooLate),
)
async def follow_up_review(
    case_no: CaseNo,
    body: FollowUpIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_REVIEW),
) -> Response:
    """Say once what the answer to one's bad review was worth (追评), after its audit."""
    return await run.create(idempotency_key, body, service.follow_up, case_no)
