"""Routes of what follows a bad review: contact, answer, appeal, audit (好差评: 回访、整改、申诉、核实)."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.handling.moving import NotYours
from onewindow_casework.reviews import results, work
from onewindow_casework.reviews.queries import Filters
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.contracts.review_life import ReviewAction
from onewindow_shared.contracts.review_results import ResultsBy, ReviewResults
from onewindow_shared.contracts.reviews import (
    AppealDecisionIn,
    ReviewActions,
    ReviewAppealIn,
    ReviewAuditIn,
    ReviewDetail,
    ReviewNoteIn,
    ReviewScheduleIn,
    ReviewWork,
)
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import LISTING, MOVING, READING, BadCursor, Invalid, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1/reviews", tags=["reviews"])
No = Annotated[int, Path(ge=1, le=2**62)]
STEP = problems(*MOVING, NotYours)


@router.get("", summary="List reviews", responses=problems(*LISTING))
async def list_reviews(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.REVIEW_READ),
) -> Page[ReviewWork]:
    """List the reviews within one's area and department, the newest first; `overdue` are those missed."""
    return await run.read(work.several, wanted, filters)


@router.get("/results/{area_code}", summary="Published results", responses=problems(Invalid, BadCursor))
async def read_review_results(
    area_code: Annotated[AreaCode, Path(description="District, street or community")],
    by: Annotated[ResultsBy, Query()],
    first: Annotated[date, Query(alias="from", description="First day of a month")],
    last: Annotated[date, Query(alias="to", description="Last day of a month, included")],
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = open_to_all("what residents think of the offices is published (好差评)"),
) -> ReviewResults:
    """Show a page of figures with their definition, without names or texts, in multiples of `small_cell`."""
    return await run.read(results.of_area, area_code, by, first, last, wanted)


@router.get("/{review_no}", response_model=ReviewDetail, summary="Read one", responses=problems(*READING))
async def read_review_work(
    request: Request, review_no: No, run: Run = gated(Permission.REVIEW_READ)
) -> Response:
    """Show a review with everything done about it; the `ETag` is what writes ask for."""
    review = await run.read(work.one, review_no)
    return answer(request, review, etag=str(review.version))


@router.get("/{review_no}/actions", summary="What can be done now", responses=problems(*READING))
async def read_review_actions(review_no: No, run: Run = gated(Permission.REVIEW_READ)) -> ReviewActions:
    """Show what the caller may do with a review now, from the table that decides it."""
    return await run.read(work.possible, review_no)


@router.post("/{review_no}/contact", summary="Contact the reviewer", responses=STEP)
async def contact_reviewer(
    review_no: No, body: ReviewNoteIn, seen: IfMatch, run: Run = gated(Permission.REVIEW_ANSWER)
) -> ReviewDetail:
    """Write down that the reviewer was called back, and what they said."""
    return await run.change(work.note, review_no, seen, ReviewAction.CONTACT, body)


@router.post("/{review_no}/rectification", summary="Put it right", responses=STEP)
async def rectify_review(
    review_no: No, body: ReviewNoteIn, seen: IfMatch, run: Run = gated(Permission.REVIEW_ANSWER)
) -> ReviewDetail:
    """Write down what was put right at once, or as it was scheduled."""
    return await run.change(work.note, review_no, seen, ReviewAction.RECTIFY, body)


@router.post("/{review_no}/explanation", summary="Explain", responses=STEP)
async def explain_review(
    review_no: No, body: ReviewNoteIn, seen: IfMatch, run: Run = gated(Permission.REVIEW_ANSWER)
) -> ReviewDetail:
    """Write down why what was asked for has no basis in law."""
    return await run.change(work.note, review_no, seen, ReviewAction.EXPLAIN, body)


@router.post("/{review_no}/schedule", summary="Schedule", responses=STEP)
async def schedule_review(
    review_no: No, body: ReviewScheduleIn, seen: IfMatch, run: Run = gated(Permission.REVIEW_ANSWER)
) -> ReviewDetail:
    """Say by when it will be put right, and why not now."""
    return await run.change(work.schedule, review_no, seen, body)


@router.post("/{review_no}/feedback", summary="Tell the reviewer", responses=STEP)
async def feed_back_review(
    review_no: No, body: ReviewNoteIn, seen: IfMatch, run: Run = gated(Permission.REVIEW_ANSWER)
) -> ReviewDetail:
    """Tell the reviewer what was done, in words that they will read."""
    return await run.change(work.feed_back, review_no, seen, body)


@router.post("/{review_no}/appeal", summary="Appeal", responses=STEP)
async def appeal_review(
    review_no: No, body: ReviewAppealIn, seen: IfMatch, run: Run = gated(Permission.REVIEW_ANSWER)
) -> ReviewDetail:
    """Appeal, as the reviewed officer, with evidence."""
    return await run.change(work.appeal, review_no, seen, body)


@router.post("/{review_no}/appeal-decision", summary="Decide an appeal", responses=STEP)
async def decide_review_appeal(
    review_no: No, body: AppealDecisionIn, seen: IfMatch, run: Run = gated(Permission.REVIEW_JUDGE)
) -> ReviewDetail:
    """Exclude the review or dismiss the appeal; never the reviewed officer."""
    return await run.change(work.decide_appeal, review_no, seen, body)


@router.post("/{review_no}/audit", summary="Audit", responses=STEP)
async def audit_review(
    review_no: No, body: ReviewAuditIn, seen: IfMatch, run: Run = gated(Permission.REVIEW_JUDGE)
) -> ReviewDetail:
    """Pass the answer or send it back; never who was reviewed, nor who answered."""
    return await run.change(work.audit, review_no, seen, body)
