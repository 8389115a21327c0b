"""Routes of the time bank."""

from typing import Annotated

from fastapi import APIRouter, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.ledger import Proof
from onewindow_shared.contracts.timebank import (
    TimeAccountIn,
    TimeAccountOut,
    TimeGiftIn,
    TimePostingOut,
    TimeTransferIn,
)
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    GATED,
    READING,
    BadCursor,
    MoveRefused,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_volunteers.timebank import service
from onewindow_volunteers.timebank.problems import NotEnoughTime, NoTimeAccount, OverCap, TimeAccountThere

router = APIRouter(prefix="/api/volunteers/v1/time-bank", tags=["time bank"])
MAKE = (*CREATING, NotFound, MoveRefused)
OWNER = gated(Permission.SHIFT_JOIN)


@router.post(
    "/account",
    status_code=201,
    response_model=TimeAccountOut,
    summary="Open an account",
    responses=problems(*MAKE, TimeAccountThere),
)
async def open_time_account(
    body: TimeAccountIn, idempotency_key: IdempotencyKey, run: Run = OWNER
) -> Response:
    """Open one's own account; help for residents that is confirmed from now on is credited."""
    return await run.create(idempotency_key, body, service.open_account)


@router.get(
    "/account",
    summary="Read one's account",
    responses=problems(*GATED, NotFound, NoTimeAccount),
)
async def read_time_account(run: Run = OWNER) -> TimeAccountOut:
    """Show what one's account holds; the honorary hours are counted beside it, and never less for it."""
    return await run.read(service.mine)


@router.get(
    "/account/postings",
    summary="What moved on one's account",
    responses=problems(*READING, NoTimeAccount, BadCursor),
)
async def list_time_postings(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = OWNER
) -> Page[TimePostingOut]:
    """List the movements of one's own account, newest first."""
    return await run.read(service.postings, wanted)


@router.post(
    "/gifts",
    status_code=201,
    response_model=TimeAccountOut,
    summary="Give credit to one's community",
    responses=problems(*MAKE, NoTimeAccount, NotEnoughTime),
)
async def give_time(body: TimeGiftIn, idempotency_key: IdempotencyKey, run: Run = OWNER) -> Response:
    """Give credit to one's community; the answer is one's own account."""
    return await run.create(idempotency_key, body, service.give)


@router.post(
    "/transfers",
    status_code=201,
    response_model=TimeAccountOut,
    summary="Give credit to a volunteer",
    responses=problems(*MAKE, NoTimeAccount, NotEnoughTime, OverCap),
)
async def transfer_time(body: TimeTransferIn, idempotency_key: IdempotencyKey, run: Run = OWNER) -> Response:
    """Give credit to another volunteer of the district; the answer is one's own account."""
    return await run.create(idempotency_key, body, service.transfer)


@router.get("/proof", summary="Count the ledger again", responses=problems(*GATED))
async def prove_time_bank(run: Run = gated(Permission.RECORD_RULE)) -> Proof:
    """Count the whole ledger again; accounts are named, by number alone, if they are of one's area."""
    return await run.runtime.system(service.proof, run.actor.scope)
