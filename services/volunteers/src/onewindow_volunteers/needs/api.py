"""Routes of residents' needs."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.needs import (
    HelpGivenIn,
    MatchOut,
    NeedContactOut,
    NeedIn,
    NeedOut,
    NeedProofIn,
    NeedProofOut,
    NeedRow,
    NeedStatus,
    NeedTold,
    NeedWithdrawalIn,
    OfferIn,
)
from onewindow_shared.plumbing.conditional import IfMatch, tagged
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, proved
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    MOVING,
    READING,
    Invalid,
    MoveRefused,
    NotFound,
    Unauthorized,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_volunteers.activities.problems import OfferOver
from onewindow_volunteers.needs import service
from onewindow_volunteers.needs.problems import DoesNotFit, NotWhileSo
from onewindow_volunteers.people.problems import RecordingNotAgreedTo

router = APIRouter(prefix="/api/volunteers/v1/needs", tags=["needs"])
PROVED = problems(Unauthorized, NotFound, TooManyCodes, Invalid)
NeedId = Annotated[int, Path(ge=1, lt=2**63)]
HELPER, MANAGER = gated(Permission.SHIFT_JOIN), gated(Permission.NEED_MANAGE)
RESIDENT = "the resident who was helped has number and code, and need not have an account"


@router.post(
    "",
    status_code=201,
    response_model=NeedTold,
    summary="Take a need down",
    responses=problems(*CREATING),
)
async def take_need_down(
    body: NeedIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.NEED_TAKE)
) -> Response:
    """Take down what a resident needs, at the window or by themselves; the code is for the resident alone."""
    return await run.create(idempotency_key, body, service.take_down)


@router.get("", summary="List needs", responses=problems(*LISTING))
async def list_needs(
    wanted: Annotated[Wanted, from_query(Wanted)],
    status: Annotated[NeedStatus | None, Query(description="Only these")] = None,
    run: Run = gated(Permission.NEED_READ),
) -> Page[NeedRow]:
    """List the needs of one's area; volunteers see what they are asked for and help with."""
    return await run.read(service.several, wanted, status)


@router.post("/proofs", summary="Look at one's own need", responses=PROVED)
async def prove_need(request: Request, body: NeedProofIn, run: Run = open_to_all(RESIDENT)) -> NeedProofOut:
    """Show a resident who helps, and what is said to have been given."""
    return await proved(run, _tried(request, body), service.prove, body.code)


@router.post(
    "/confirmations",
    summary="Confirm that help came",
    responses=problems(Unauthorized, NotFound, TooManyCodes, Invalid, MoveRefused),
)
async def confirm_need(request: Request, body: NeedProofIn, run: Run = open_to_all(RESIDENT)) -> NeedProofOut:
    """Confirm by number and code what the volunteer says was given; it becomes a service record."""
    await proved(run, _tried(request, body), service.prove, body.code)
    await run.runtime.system(service.confirm, body.need_id)
    return await proved(run, _tried(request, body), service.prove, body.code)


@router.post(
    "/withdrawals",
    summary="Withdraw one's own need",
    responses=problems(Unauthorized, NotFound, TooManyCodes, Invalid, MoveRefused),
)
async def withdraw_own_need(
    request: Request, body: NeedProofIn, run: Run = open_to_all(RESIDENT)
) -> NeedProofOut:
    """Give a need up by number and code, unless the help was confirmed; whoever accepted it is free again."""
    await proved(run, _tried(request, body), service.prove, body.code)
    await run.runtime.system(service.withdraw_by_code, body.need_id)
    return await proved(run, _tried(request, body), service.prove, body.code)


def _tried(request: Request, body: NeedProofIn) -> Try:
    return Try(service.ENTITY, str(body.need_id), client_of(request))


@router.get("/{need_id}", summary="Read a need", responses=problems(*READING))
async def read_need(need_id: NeedId, run: Run = gated(Permission.NEED_READ)) -> NeedOut:
    """Show a need without telling whose it is; the `ETag` is what writes ask for."""
    found = await run.read(service.one, need_id)
    tagged(run.response, found)
    return found


@router.get("/{need_id}/candidates", summary="Find who fits", responses=problems(*READING))
async def match_need(need_id: NeedId, run: Run = MANAGER) -> MatchOut:
    """Name the volunteers of the district who fit best, each factor with its figure."""
    return await run.read(service.match, need_id)


@router.post("/{need_id}/offer", summary="Ask a volunteer", responses=problems(*MOVING, DoesNotFit))
async def offer_need(need_id: NeedId, body: OfferIn, seen: IfMatch, run: Run = MANAGER) -> NeedOut:
    """Ask a volunteer for help; without an answer in time the need is a call again."""
    return await run.change(service.offer, need_id, seen, body)


@router.post(
    "/{need_id}/acceptance",
    summary="Accept a need",
    responses=problems(*MOVING, OfferOver, RecordingNotAgreedTo),
)
async def accept_need(need_id: NeedId, seen: IfMatch, run: Run = HELPER) -> NeedOut:
    """Take on what one was asked for."""
    return await run.change(service.accept, need_id, seen)


@router.post("/{need_id}/refusal", summary="Decline a need", responses=problems(*MOVING))
async def decline_need(need_id: NeedId, seen: IfMatch, run: Run = HELPER) -> NeedOut:
    """Say no, without a reason."""
    return await run.change(service.decline, need_id, seen)


@router.post("/{need_id}/return", summary="Give a need back", responses=problems(*MOVING))
async def give_need_back(need_id: NeedId, seen: IfMatch, run: Run = HELPER) -> NeedOut:
    """Give a need back that one had accepted."""
    return await run.change(service.give_back, need_id, seen)


@router.post("/{need_id}/contact", summary="See whom to help", responses=problems(*READING, NotWhileSo))
async def read_need_contact(need_id: NeedId, run: Run = HELPER) -> NeedContactOut:
    """Show name, phone, address and details to the volunteer who accepted; it is written down."""
    run.response.headers["Cache-Control"] = "no-store"
    return await run.write(service.contact, need_id)


@router.post(
    "/{need_id}/completion",
    summary="Say that one has helped",
    responses=problems(*MOVING, RecordingNotAgreedTo),
)
async def finish_need(need_id: NeedId, body: HelpGivenIn, seen: IfMatch, run: Run = HELPER) -> NeedOut:
    """Say when one was there; the resident confirms it."""
    return await run.change(service.finish, need_id, seen, body)


@router.post("/{need_id}/withdrawal", summary="Withdraw a need", responses=problems(*MOVING))
async def withdraw_need(
    need_id: NeedId, body: NeedWithdrawalIn, seen: IfMatch, run: Run = MANAGER
) -> NeedOut:
    """Give a need up, or help that was claimed and did not come."""
    return await run.change(service.withdraw, need_id, seen, body)
