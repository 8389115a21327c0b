"""Routes of accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from onewindow_gateway.accounts import service
from onewindow_gateway.accounts.service import Changed, UsernameTaken
from onewindow_gateway.deps import Gateway, gateway_of
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.accounts import DeskKeyOut, MeOut, StaffAccountIn, StaffAccountOut, Username
from onewindow_shared.contracts.batches import OwnId
from onewindow_shared.contracts.common import Page
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    ASKING,
    CREATING,
    GATED,
    LISTING,
    READING,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/auth", tags=["accounts"])
Held = Annotated[Gateway, Depends(gateway_of)]
_CHANGE = problems(*READING)


@router.get("/me", summary="Who am I", responses=problems(*GATED))
async def read_me(run: Run = gated(Permission.ACCOUNT_READ)) -> MeOut:
    """Tell who the token stands for and what they may do."""
    return await run.read(service.me)


@router.get("/desk-keys/{machine}", summary="The key of a front desk", responses=problems(*ASKING))
async def read_desk_key(
    machine: OwnId, response: Response, run: Run = gated(Permission.CASE_BATCH)
) -> DeskKeyOut:
    """Give out the key under which one's own cases wait on a machine until they are sent.

    It is derived of the account and of the name that the machine has given itself; nothing is kept of it.
    """
    response.headers["Cache-Control"] = "no-store"
    return await run.read(service.desk_key, machine)


@router.get(
    "/accounts",
    summary="Staff accounts of one's area",
    responses=problems(*LISTING),
)
async def list_accounts(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.ACCOUNT_MANAGE)
) -> Page[StaffAccountOut]:
    """List staff accounts by user name, a page at a time."""
    return await run.read(service.list_accounts, wanted)


@router.post(
    "/accounts",
    status_code=201,
    response_model=StaffAccountOut,
    summary="Make a staff account",
    responses=problems(*CREATING, UsernameTaken),
)
async def create_account(
    body: StaffAccountIn,
    idempotency_key: IdempotencyKey,
    gateway: Held,
    run: Run = gated(Permission.ACCOUNT_MANAGE),
) -> Response:
    """Make an account of somebody who works in one's area."""
    service.vet(body, gateway.settings.password_min_length)
    hashed = await gateway.passwords.hash(body.password.get_secret_value())
    return await run.create(idempotency_key, body, service.add, hashed)


@router.post("/accounts/{username}/disabling", summary="Disable a staff account", responses=_CHANGE)
async def disable_account(
    username: Username, gateway: Held, run: Run = gated(Permission.ACCOUNT_MANAGE)
) -> StaffAccountOut:
    """Keep somebody out from now on, and end their sessions at once."""
    return _changed(gateway, await run.write(service.disable, username))


@router.post("/accounts/{username}/enabling", summary="Enable a staff account", responses=_CHANGE)
async def enable_account(
    username: Username, gateway: Held, run: Run = gated(Permission.ACCOUNT_MANAGE)
) -> StaffAccountOut:
    """Let somebody sign in again."""
    return _changed(gateway, await run.write(service.enable, username))


def _changed(gateway: Gateway, changed: Changed) -> StaffAccountOut:
    for session_id in changed.ended:
        gateway.revocations.add(session_id)
    return changed.account
