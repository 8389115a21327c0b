"""Routes of two-way evaluation."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.evaluations import queries, rounds, service
from onewindow_casework.evaluations.queries import Filters
from onewindow_casework.evaluations.rounds import AppealsOpen, RoundOfThatYear
from onewindow_casework.evaluations.service import (
    AlreadyAppealed,
    AlreadyAppraised,
    AlreadyRated,
    NotYourSide,
)
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import CommunityCode, Page
from onewindow_shared.contracts.evaluations import (
    AppealDecisionIn,
    AppealIn,
    AppealOut,
    AppraisalIn,
    AppraisalOut,
    PairOut,
    RatingIn,
    RatingOut,
    ResultOut,
    RoundIn,
    RoundOut,
)
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    MOVING,
    READING,
    BadCursor,
    Invalid,
    MoveRefused,
    NotFound,
    Unauthorized,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1", tags=["evaluation"])
CREATE = (*CREATING, NotFound, MoveRefused)
Id = Annotated[int, Path(ge=1, le=2**53)]


@router.post(
    "/evaluation-rounds",
    status_code=201,
    response_model=RoundOut,
    summary="Call a round",
    responses=problems(*CREATING, RoundOfThatYear),
)
async def call_round(
    body: RoundIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.EVALUATION_MANAGE)
) -> Response:
    """Call the round of a year with its questions and pairs; it opens and closes on its days by itself."""
    return await run.create(idempotency_key, body, rounds.call)


@router.get("/evaluation-rounds", summary="List rounds", responses=problems(*LISTING))
async def list_rounds(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.EVALUATION_READ)
) -> Page[RoundOut]:
    """List the rounds of one's district, newest first."""
    return await run.read(queries.rounds, wanted)


@router.get(
    "/evaluation-rounds/{round_id}",
    response_model=RoundOut,
    summary="Read a round",
    responses=problems(*READING),
)
async def read_round(
    request: Request, round_id: Id, run: Run = gated(Permission.EVALUATION_READ)
) -> Response:
    """Show a round, its questions and how many of its pairs within reach have both directions."""
    found = await run.read(service.one_round, round_id)
    return answer(request, found, etag=str(found.version))


@router.post(
    "/evaluation-rounds/{round_id}/publication", summary="Publish", responses=problems(*MOVING, AppealsOpen)
)
async def publish_round(
    round_id: Id, seen: IfMatch, run: Run = gated(Permission.EVALUATION_MANAGE)
) -> RoundOut:
    """Publish the results, once the time for appeals is over and all are decided."""
    return await run.change(rounds.publish, round_id, seen)


@router.post("/evaluation-rounds/{round_id}/cancellation", summary="Cancel", responses=problems(*MOVING))
async def cancel_round(
    round_id: Id, seen: IfMatch, run: Run = gated(Permission.EVALUATION_MANAGE)
) -> RoundOut:
    """Cancel a round that is not over; nothing said in it counts."""
    return await run.change(rounds.cancel, round_id, seen)


@router.get(
    "/evaluation-rounds/{round_id}/pairs",
    summary="List pairs",
    responses=problems(*READING, BadCursor),
)
async def list_pairs(
    round_id: Id,
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.EVALUATION_READ),
) -> Page[PairOut]:
    """List the pairs within one's reach, on request those that lack a direction."""
    return await run.read(queries.pairs, wanted, round_id, filters)


@router.get(
    "/evaluation-rounds/{round_id}/appeals",
    summary="List appeals",
    responses=problems(*READING, BadCursor),
)
async def list_appeals(
    round_id: Id,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.EVALUATION_READ),
) -> Page[AppealOut]:
    """List the appeals within one's reach, oldest first."""
    return await run.read(queries.appeals, wanted, round_id)


@router.post(
    "/evaluation-pairs/{pair_id}/ratings",
    status_code=201,
    response_model=RatingOut,
    summary="Rate the other side",
    responses=problems(*CREATE, NotYourSide, AlreadyRated),
)
async def rate_other_side(
    pair_id: Id,
    body: RatingIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.EVALUATION_RATE),
) -> Response:
    """Rate the other side of a pair, once; the other's rating is shown when both are there."""
    return await run.create(idempotency_key, body, service.rate, pair_id)


@router.post(
    "/evaluation-pairs/{pair_id}/appraisals",
    status_code=201,
    response_model=AppraisalOut,
    summary="Enter residents' appraisal",
    responses=problems(*CREATE, NotYourSide, AlreadyAppraised),
)
async def enter_appraisal(
    pair_id: Id,
    body: AppraisalIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.EVALUATION_APPRAISE),
) -> Response:
    """Enter what residents said of one side in a democratic appraisal; nobody enters their own."""
    return await run.create(idempotency_key, body, service.appraise, pair_id)


@router.post(
    "/evaluation-pairs/{pair_id}/appeals",
    status_code=201,
    response_model=AppealOut,
    summary="Contest a rating",
    responses=problems(*CREATE, NotYourSide, AlreadyAppealed),
)
async def contest_rating(
    pair_id: Id,
    body: AppealIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.EVALUATION_RATE),
) -> Response:
    """Contest what the other side said, before it is published."""
    return await run.create(idempotency_key, body, service.appeal, pair_id)


@router.post(
    "/evaluation-appeals/{appeal_id}/decision", summary="Decide an appeal", responses=problems(*MOVING)
)
async def decide_appeal(
    appeal_id: Id,
    body: AppealDecisionIn,
    seen: IfMatch,
    run: Run = gated(Permission.EVALUATION_MANAGE),
) -> AppealOut:
    """Uphold an appeal with corrected answers, or dismiss it."""
    return await run.change(service.decide, appeal_id, seen, body)


@router.get(
    "/evaluation-results",
    summary="List published results",
    responses=problems(Unauthorized, Invalid, BadCursor),
)
async def list_results(
    wanted: Annotated[Wanted, from_query(Wanted)],
    community: Annotated[CommunityCode | None, Query()] = None,
    year: Annotated[int | None, Query(ge=2000, le=2999)] = None,
    run: Run = open_to_all("results of evaluation are published (中发〔2017〕13号)"),
) -> Page[ResultOut]:
    """List the results of published rounds; a pair that lacks something is there without a score."""
    return await run.read(queries.results, wanted, community, year)
