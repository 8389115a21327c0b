"""Route of figures."""

import hashlib
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from onewindow_intake.metrics import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.metrics import ServiceFigures
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.problems import Invalid, NotFound, NotPermitted, Unauthorized, problems
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/metrics", tags=["metrics"])


@router.get(
    "/areas/{area_code}",
    summary="Count the cases of an area",
    response_model=ServiceFigures,
    responses={304: {"description": "Unchanged"}, **problems(Unauthorized, NotPermitted, NotFound, Invalid)},
)
async def read_figures(
    request: Request,
    area_code: AreaCode,
    first: Annotated[
        date | None, Query(alias="from", description="First day; the first of the month")
    ] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day, included; today")] = None,
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Count the cases received, accepted and not accepted in a period, both days included."""
    found = await run.read(service.of_area, area_code, first, last)
    content = found.model_dump_json(exclude={"as_of"}).encode()
    return answer(request, found, etag=hashlib.sha256(content).hexdigest()[:32])
