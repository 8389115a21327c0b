"""Route of the figures."""

import hashlib
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.metrics import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.metrics import ServiceFigures
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.problems import Invalid, NotFound, NotPermitted, Unauthorized, problems
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["metrics"])


@router.get(
    "/metrics/areas/{area_code}",
    response_model=ServiceFigures,
    summary="Figures of an area",
    responses=problems(Unauthorized, NotPermitted, NotFound, Invalid),
)
async def read_area_figures(
    request: Request,
    area_code: Annotated[AreaCode, Path(description="District, street or community")],
    first: Annotated[date, Query(alias="from", description="First day")],
    last: Annotated[date, Query(alias="to", description="Last day, included")],
    run: Run = gated(Permission.METRICS_READ),
) -> Response:
    """Count closed, late and reviewed cases of a period; the tag changes only with the figures."""
    found = await run.read(service.area_figures, area_code, first, last)
    content = found.model_dump_json(exclude={"as_of"}).encode()
    return answer(request, found, etag=hashlib.sha256(content).hexdigest()[:32])
