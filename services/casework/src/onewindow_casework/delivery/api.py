"""Routes of deliveries: that an outcome was handed over, and tries that failed."""

from typing import Annotated

from fastapi import APIRouter, Response

from onewindow_casework.delivery import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.casework import CaseFileOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.delivery import DeliveryIn, DeliveryTryIn, DeliveryTryOut
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    MOVING,
    READING,
    BadCursor,
    MoveRefused,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1/cases/{case_no}", tags=["cases"])


@router.post("/delivery", summary="Hand the outcome over", responses=problems(*MOVING))
async def deliver_case(
    case_no: CaseNo,
    body: DeliveryIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_DELIVER),
) -> CaseFileOut:
    """Write down how the certificate or the notice reached the applicant, and what proves it."""
    return await run.change(service.deliver, case_no, seen, body)


@router.get("/delivery-tries", summary="List failed deliveries", responses=problems(*READING, BadCursor))
async def list_delivery_tries(
    case_no: CaseNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.CASE_READ)
) -> Page[DeliveryTryOut]:
    """List the tries to deliver the outcome that did not reach the applicant, oldest first."""
    return await run.read(service.tries, wanted, case_no)


@router.post(
    "/delivery-tries",
    status_code=201,
    response_model=DeliveryTryOut,
    summary="Add a failed delivery",
    responses=problems(*CREATING, NotFound, MoveRefused),
)
async def add_delivery_try(
    case_no: CaseNo,
    body: DeliveryTryIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.CASE_DELIVER),
) -> Response:
    """Write down that the outcome was refused, came back or found nobody; the case stays decided."""
    return await run.create(idempotency_key, body, service.try_failed, case_no)
