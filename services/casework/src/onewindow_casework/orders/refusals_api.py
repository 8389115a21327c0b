"""Routes of the right to refuse."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.narrowing import Filters
from onewindow_casework.orders import refusals
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.contracts.orders import (
    DemandIn,
    ObjectionIn,
    PublicRefusal,
    RefusalIn,
    RefusalOut,
    RefusalStatus,
    RefusedCount,
    SettlementIn,
)
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    MOVING,
    READING,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1/admission", tags=["refusals"])
No = Annotated[int, Path(ge=1, le=2**62)]


@router.post("/orders/{order_no}/refusal", summary="Refuse an order", responses=problems(*MOVING))
async def refuse_order(
    order_no: No,
    body: RefusalIn,
    seen: IfMatch,
    run: Run = gated(Permission.ORDER_WORK),
) -> RefusalOut:
    """Refuse an order by the community's right; the `ETag` is the refusal's."""
    return await run.change(refusals.refuse, order_no, seen, body)


@router.post(
    "/refusals",
    status_code=201,
    response_model=RefusalOut,
    summary="Refuse a demand made beside the system",
    responses=problems(*CREATING),
)
async def refuse_demand(
    body: DemandIn, key: IdempotencyKey, run: Run = gated(Permission.ORDER_WORK)
) -> Response:
    """Keep a demand that came by telephone, paper or chat, and refuse it."""
    return await run.create(key, body, refusals.refuse_demand)


@router.get("/refusals", summary="List refusals", responses=problems(*LISTING))
async def list_refusals(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    status: Annotated[RefusalStatus | None, Query()] = None,
    run: Run = gated(Permission.ORDER_READ),
) -> Page[RefusalOut]:
    """List the refusals within one's area and department, the newest first."""
    return await run.read(refusals.several, wanted, filters, status)


@router.get("/refusals/results", summary="Results of refusals", responses=problems(*LISTING))
async def list_refusal_results(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = open_to_all("what was refused, and whether that stood, is for everybody to see"),
) -> Page[PublicRefusal]:
    """List what communities refused and how it ended, without personal data, the newest first."""
    return await run.read(refusals.results, wanted, filters)


@router.get(
    "/refusals/counts/{area_code}",
    summary="Unadmitted work refused",
    responses=problems(*READING),
)
async def count_refusals(
    area_code: Annotated[AreaCode, Path(description="District")],
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to", description="Included")],
    run: Run = gated(Permission.METRICS_READ),
) -> list[RefusedCount]:
    """Count a district's unadmitted work, barred or refused, by department and reason (AD2)."""
    return await run.read(refusals.counts, area_code, first, last)


@router.get(
    "/refusals/{refusal_no}",
    response_model=RefusalOut,
    summary="Read a refusal",
    responses=problems(*READING),
)
async def read_refusal(request: Request, refusal_no: No, run: Run = gated(Permission.ORDER_READ)) -> Response:
    """Show a refusal with its dispute; the `ETag` is what writes ask for."""
    refusal = await run.read(refusals.one, refusal_no)
    return answer(request, refusal, etag=str(refusal.version))


@router.post("/refusals/{refusal_no}/objection", summary="Object", responses=problems(*MOVING))
async def object_to_refusal(
    refusal_no: No,
    body: ObjectionIn,
    seen: IfMatch,
    run: Run = gated(Permission.ORDER_SEND),
) -> RefusalOut:
    """Object to a refusal within the days that the district gives."""
    return await run.change(refusals.object_, refusal_no, seen, body)


@router.post("/refusals/{refusal_no}/settlement", summary="Settle", responses=problems(*MOVING))
async def settle_refusal(
    refusal_no: No,
    body: SettlementIn,
    seen: IfMatch,
    run: Run = gated(Permission.ORDER_SETTLE),
) -> RefusalOut:
    """Uphold a refusal, or send its order to the community again; the result is public."""
    return await run.change(refusals.settle, refusal_no, seen, body)
