"""Routes of the special account: moving money, and what an item has beside it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.funding import ledger, queries, service
from onewindow_casework.funding.ledger import CorrectedBefore, MoneyReserved, NotEnoughMoney
from onewindow_casework.funding.service import NothingToPayFor
from onewindow_casework.narrowing import Filters
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Code, Page
from onewindow_shared.contracts.funding import (
    AccountOut,
    AllotmentIn,
    BudgetIn,
    BypassIn,
    ConditionsIn,
    ContractIn,
    CorrectionIn,
    InstalmentOut,
    ItemFundingOut,
    Movement,
    PostingOut,
    TransferIn,
)
from onewindow_shared.contracts.ledger import Proof
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    ASKING,
    CHANGING,
    CREATING,
    LISTING,
    READING,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1/admission/funding", tags=["funding"])
MOVED = problems(*CREATING, NotFound, NotEnoughMoney, MoneyReserved)
PostingNo = Annotated[int, Path(ge=1, le=2**62)]


@router.post(
    "/budgets",
    status_code=201,
    response_model=PostingOut,
    summary="Pay into the special account",
    responses=problems(*CREATING),
)
async def post_budget(
    body: BudgetIn, key: IdempotencyKey, run: Run = gated(Permission.FUND_MANAGE)
) -> Response:
    """Book money of one of the six sources to a department's account."""
    return await run.create(key, body, service.budget)


@router.post(
    "/bypasses",
    status_code=201,
    response_model=PostingOut,
    summary="Write down money beside the account",
    responses=problems(*CREATING),
)
async def post_bypass(
    body: BypassIn, key: IdempotencyKey, run: Run = gated(Permission.FUND_MANAGE)
) -> Response:
    """Write down money for communities that was not paid into the special account."""
    return await run.create(key, body, service.bypass)


@router.post(
    "/allotments",
    status_code=201,
    response_model=PostingOut,
    summary="Give an item money",
    responses=problems(*CREATING, NotFound, NotEnoughMoney, MoneyReserved, NothingToPayFor),
)
async def post_allotment(
    body: AllotmentIn, key: IdempotencyKey, run: Run = gated(Permission.FUND_ALLOT)
) -> Response:
    """Set money of the department aside for one of its items."""
    return await run.create(key, body, service.allot)


@router.post(
    "/releases",
    status_code=201,
    response_model=PostingOut,
    summary="Take an item's money back",
    responses=MOVED,
)
async def post_release(
    body: AllotmentIn, key: IdempotencyKey, run: Run = gated(Permission.FUND_ALLOT)
) -> Response:
    """Take money of an item back to its department; not what communities work for now."""
    return await run.create(key, body, service.release)


@router.post(
    "/transfers", status_code=201, response_model=PostingOut, summary="Pay a community", responses=MOVED
)
async def post_transfer(
    body: TransferIn, key: IdempotencyKey, run: Run = gated(Permission.FUND_ALLOT)
) -> Response:
    """Transfer money of an item to a community that does its work; the oldest instalments are paid first."""
    return await run.create(key, body, service.transfer)


@router.post("/returns", status_code=201, response_model=PostingOut, summary="Take a return", responses=MOVED)
async def post_return(
    body: TransferIn, key: IdempotencyKey, run: Run = gated(Permission.FUND_ALLOT)
) -> Response:
    """Write down that a community gave money back to the item."""
    return await run.create(key, body, service.return_)


@router.post("/uses", status_code=201, response_model=PostingOut, summary="Write down a use", responses=MOVED)
async def post_use(body: TransferIn, key: IdempotencyKey, run: Run = gated(Permission.FUND_USE)) -> Response:
    """Write down what the community spent of an item's money, and on which paper."""
    return await run.create(key, body, service.use)


@router.post(
    "/postings/{posting_no}/correction",
    status_code=201,
    response_model=PostingOut,
    summary="Take a posting back",
    responses=problems(*CREATING, NotFound, NotEnoughMoney, MoneyReserved, CorrectedBefore),
)
async def correct_posting(
    posting_no: PostingNo,
    body: CorrectionIn,
    key: IdempotencyKey,
    run: Run = gated(Permission.FUND_MANAGE),
) -> Response:
    """Take a wrong posting back by a counter-entry; nothing in the ledger is ever changed."""
    return await run.create(key, body, service.correct, posting_no)


@router.get("/postings", summary="List postings", responses=problems(*LISTING))
async def list_postings(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    movement: Annotated[Movement | None, Query()] = None,
    run: Run = gated(Permission.FUND_READ),
) -> Page[PostingOut]:
    """List the postings within one's area and department, the newest first."""
    return await run.read(queries.postings, wanted, filters, movement)


@router.get("/accounts", summary="List accounts", responses=problems(*LISTING))
async def list_accounts(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.FUND_READ),
) -> Page[AccountOut]:
    """List the accounts within one's area and department, with what lies on each now."""
    return await run.read(queries.accounts, wanted, filters)


@router.get("/proof", summary="Prove the ledger", responses=problems(*ASKING))
async def prove_ledger(run: Run = gated(Permission.FUND_MANAGE)) -> Proof:
    """Count the whole ledger again: balances are sums of entries, postings cancel out, all of it is zero."""
    return await run.read(ledger.proof)


@router.get("/instalments", summary="List instalments", responses=problems(*LISTING))
async def list_instalments(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    late: Annotated[bool | None, Query(description="Only those whose lamp is lit, or is not")] = None,
    run: Run = gated(Permission.FUND_READ),
) -> Page[InstalmentOut]:
    """List what communities are to get by when, the most urgent first; late ones have their lamp lit."""
    return await run.read(queries.instalments, wanted, filters, late=late)


@router.get(
    "/items/{code}",
    response_model=ItemFundingOut,
    summary="Read an item's money",
    responses=problems(*READING),
)
async def read_item_funding(request: Request, code: Code, run: Run = gated(Permission.FUND_READ)) -> Response:
    """Show money and conditions of an item, and what is lacking before it may be asked of anybody."""
    funding = await run.read(service.item_funding, code)
    return answer(request, funding, etag=str(funding.version))


@router.put("/items/{code}/conditions", summary="Record the conditions", responses=problems(*CHANGING))
async def put_conditions(
    code: Code,
    body: ConditionsIn,
    seen: IfMatch,
    run: Run = gated(Permission.FUND_ALLOT),
) -> ItemFundingOut:
    """Record that what communities need for the work, beside money, was delivered."""
    return await run.change(service.deliver_conditions, code, seen, body)


@router.put("/items/{code}/contract", summary="Record the contract", responses=problems(*CHANGING))
async def put_contract(
    code: Code,
    body: ContractIn,
    seen: IfMatch,
    run: Run = gated(Permission.FUND_ALLOT),
) -> ItemFundingOut:
    """Record number, price and term of the contract by which the work is purchased."""
    return await run.change(service.sign_contract, code, seen, body)
