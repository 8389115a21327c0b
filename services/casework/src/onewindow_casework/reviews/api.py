"""Routes of reviews."""

from fastapi import APIRouter, Request, Response

from onewindow_casework.reviews import service
from onewindow_casework.reviews.service import AlreadyReviewed, TooLate
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.casework import ReviewIn, ReviewOut
from onewindow_shared.contracts.numbers import CaseNo
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
    """Rate the handling of one's own case once, from 5 (very satisfied) to 1; or through the clerk."""
    return await run.create(idempotency_key, body, service.rate, case_no)


@router.get(
    "/cases/{case_no}/review",
    response_model=ReviewOut,
    summary="Read the review",
    responses=problems(*READING),
)
async def read_review(request: Request, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> Response:
    """Show the review of a case; 404 while there is none."""
    return answer(request, await run.read(service.read, case_no))
