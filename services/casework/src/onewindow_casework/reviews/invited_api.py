"""Routes of reviewing without an account, by the code on a paper or in a message."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, TypeVar, cast

from fastapi import APIRouter, Path, Request, Response

from onewindow_casework.reviews import invited
from onewindow_casework.reviews.service import AlreadyReviewed, TooLate
from onewindow_casework.settings import Settings
from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.common import ReadOff
from onewindow_shared.contracts.numbers import case_no_typed
from onewindow_shared.contracts.reviews import (
    CodedFollowUpIn,
    CodedReviewIn,
    InvitationIn,
    InvitationOut,
    ReviewOut,
)
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, guarded
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.problems import (
    Invalid,
    KeyReused,
    MoveRefused,
    NotFound,
    StillRunning,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, open_to_all
from onewindow_shared.plumbing.scope import EVERYTHING
from onewindow_shared.plumbing.unit import Actor, Unit

router = APIRouter(prefix="/api/casework/v1/review-invitations/{case_no}", tags=["reviews"])
Found = TypeVar("Found")
HOLDER = "whoever holds the code of a handled case may review it, with or without an account"
UNKNOWN = "Please compare number and code with the paper or the message."
Typed = Annotated[ReadOff, Path(description="The number as it stands on the paper")]
GUESSED = (NotFound, TooManyCodes, Invalid)
GIVING = (*GUESSED, StillRunning, KeyReused, MoveRefused, TooLate)


@router.post("", summary="Look at an invitation", responses=problems(*GUESSED))
async def look_at_invitation(
    request: Request, case_no: Typed, body: InvitationIn, run: Run = open_to_all(HOLDER)
) -> InvitationOut:
    """Show until when the case can be reviewed, what was said and what was answered; no personal data."""
    return await _proved(request, run, invited.look_up, case_no_typed(case_no), body)


@router.post(
    "/review",
    status_code=201,
    response_model=ReviewOut,
    summary="Review by code",
    responses=problems(*GIVING, AlreadyReviewed),
)
async def review_by_code(
    request: Request,
    case_no: Typed,
    body: CodedReviewIn,
    idempotency_key: IdempotencyKey,
    run: Run = open_to_all(HOLDER),
) -> Response:
    """Rate the handling once, from 5 (very satisfied) to 1; a wrong code is counted."""
    number = case_no_typed(case_no)
    way = await _proved(request, run, invited.way_of, number, body)
    return await _holder(run, number).create(idempotency_key, body, invited.rate, number, way)


@router.post(
    "/follow-up",
    status_code=201,
    response_model=ReviewOut,
    summary="Follow up by code",
    responses=problems(*GIVING),
)
async def follow_up_by_code(
    request: Request,
    case_no: Typed,
    body: CodedFollowUpIn,
    idempotency_key: IdempotencyKey,
    run: Run = open_to_all(HOLDER),
) -> Response:
    """Say once what the answer to a bad review was worth (追评)."""
    number = case_no_typed(case_no)
    way = await _proved(request, run, invited.way_of, number, body)
    return await _holder(run, number).create(idempotency_key, body, invited.follow_up, number, way)


async def _proved(
    request: Request,
    run: Run,
    look_up: Callable[[Unit, str, str], Found | None],
    case_no: str,
    body: InvitationIn,
) -> Found:
    tried = Try("review", case_no, client_of(request))
    guard = cast("Settings", run.runtime.settings).review_guard
    found = await guarded(run, tried, guard, look_up, case_no, body.code)
    if found is None:
        raise NotFound(detail=UNKNOWN)
    return found


def _holder(run: Run, case_no: str) -> Run:
    """Let whoever proved the code of a case act as its applicant, in that case alone."""
    holder = Actor(
        f"holder:{case_no}", "", frozenset({Role.RESIDENT}), EVERYTHING, request_id=run.actor.request_id
    )
    return replace(run, actor=holder)
