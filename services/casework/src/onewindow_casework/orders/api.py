"""Routes of orders: sending them past the guard, and every step until the sender confirms."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import TypeAdapter

from onewindow_casework.narrowing import Filters
from onewindow_casework.orders import queries, service
from onewindow_casework.orders.service import MoreThanOrdered, NoLongerListed
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.admission import Basis
from onewindow_shared.contracts.applications import ReasonIn
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.orders import (
    Bar,
    BarredOut,
    CompletionIn,
    ConfirmationIn,
    OrderIn,
    OrderOut,
    OrderRow,
    OrderStatus,
    OrderStepOut,
    TimeAsked,
)
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey, created
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    MOVING,
    READING,
    BadCursor,
    Problem,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1/admission/orders", tags=["orders"])
OUTCOME: TypeAdapter[OrderOut | BarredOut] = TypeAdapter(OrderOut | BarredOut)
AS_ORDERED = ConfirmationIn()
OrderNo = Annotated[int, Path(ge=1, le=2**62)]


class DispatchBarred(Problem):
    """The lists of today do not let this be asked. The attempt is kept against its sender."""

    type = "urn:onewindow:problem:dispatch-barred"
    title = "This may not be asked of a community"
    status = 409
    reason: Bar
    basis: list[Basis]
    attempt: int
    """Number under which the attempt is kept."""
    time: TimeAsked | None
    """Where it is too much work."""


@router.post(
    "",
    status_code=201,
    response_model=OrderOut,
    summary="Send work to a community",
    responses=problems(*CREATING, DispatchBarred),
)
async def send_order(body: OrderIn, key: IdempotencyKey, run: Run = gated(Permission.ORDER_SEND)) -> Response:
    """Send an order if the lists of today let it; a refused attempt stays, and counts against its sender."""
    content, replayed = await run.once(key, body, service.dispatch)
    outcome = OUTCOME.validate_json(content)
    if isinstance(outcome, OrderOut):
        return created(content, replayed=replayed)
    raise DispatchBarred(
        detail=_detail(outcome.time),
        reason=outcome.reason,
        basis=list(outcome.basis),
        attempt=outcome.no,
        time=outcome.time,
    )


def _detail(time: TimeAsked | None) -> str:
    if time is None:
        return "The lists of today do not let this be asked of this community."
    return (
        f"Of {time.agreed} minutes that were agreed for the year, {time.before} are asked for already; "
        f"{time.asked} more are too many."
    )


@router.get("", summary="List orders", responses=problems(*LISTING))
async def list_orders(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    status: Annotated[OrderStatus | None, Query()] = None,
    run: Run = gated(Permission.ORDER_READ),
) -> Page[OrderRow]:
    """List the orders within one's area and department, the newest first."""
    return await run.read(queries.several, wanted, filters, status)


@router.get("/barred", summary="List refused dispatches", responses=problems(*LISTING))
async def list_barred(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.ORDER_READ),
) -> Page[BarredOut]:
    """List what departments tried to ask and the system refused, with the basis that was quoted."""
    return await run.read(queries.barred, wanted, filters)


@router.get("/{order_no}", response_model=OrderOut, summary="Read an order", responses=problems(*READING))
async def read_order(
    request: Request, order_no: OrderNo, run: Run = gated(Permission.ORDER_READ)
) -> Response:
    """Show an order; the `ETag` is what writes ask for."""
    order = await run.read(service.one, order_no)
    return answer(request, order, etag=str(order.version))


@router.get(
    "/{order_no}/steps",
    summary="What happened to an order",
    responses=problems(*READING, BadCursor),
)
async def list_order_steps(
    order_no: OrderNo,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.ORDER_READ),
) -> Page[OrderStepOut]:
    """List what happened to an order, the oldest first."""
    return await run.read(queries.steps, wanted, order_no)


@router.post("/{order_no}/receipt", summary="Take note of it", responses=problems(*MOVING, NoLongerListed))
async def receive_order(
    order_no: OrderNo, seen: IfMatch, run: Run = gated(Permission.ORDER_WORK)
) -> OrderOut:
    """Take note of an order that came."""
    return await run.change(service.receive, order_no, seen)


@router.post("/{order_no}/start", summary="Begin the work", responses=problems(*MOVING, NoLongerListed))
async def begin_order(order_no: OrderNo, seen: IfMatch, run: Run = gated(Permission.ORDER_WORK)) -> OrderOut:
    """Begin the work on an order."""
    return await run.change(service.begin, order_no, seen)


@router.post("/{order_no}/completion", summary="Say that it is done", responses=problems(*MOVING))
async def complete_order(
    order_no: OrderNo,
    body: CompletionIn,
    seen: IfMatch,
    run: Run = gated(Permission.ORDER_WORK),
) -> OrderOut:
    """Say that an order is done, what proves it, and what it took."""
    return await run.change(service.complete, order_no, seen, body)


@router.post(
    "/{order_no}/confirmation",
    summary="Accept what was done",
    responses=problems(*MOVING, MoreThanOrdered),
)
async def confirm_order(
    order_no: OrderNo,
    seen: IfMatch,
    body: ConfirmationIn = AS_ORDERED,
    run: Run = gated(Permission.ORDER_SEND),
) -> OrderOut:
    """Accept what was done; from now on it counts as work done for its money."""
    return await run.change(service.confirm, order_no, seen, body)


@router.post("/{order_no}/return", summary="Give it back to be done better", responses=problems(*MOVING))
async def return_order(
    order_no: OrderNo,
    body: ReasonIn,
    seen: IfMatch,
    run: Run = gated(Permission.ORDER_SEND),
) -> OrderOut:
    """Give an order back that is done, but not well enough."""
    return await run.change(service.return_, order_no, seen, body)


@router.post("/{order_no}/recall", summary="Take it back", responses=problems(*MOVING))
async def recall_order(
    order_no: OrderNo,
    body: ReasonIn,
    seen: IfMatch,
    run: Run = gated(Permission.ORDER_SEND),
) -> OrderOut:
    """Take an order back before it is done."""
    return await run.change(service.recall, order_no, seen, body)
