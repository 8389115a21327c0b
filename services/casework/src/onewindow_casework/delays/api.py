"""Routes of delays: the reason, which are owed, and the figures that everybody may read."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import StringConstraints

from onewindow_casework.delays import queries, service
from onewindow_casework.delays.queries import Filters
from onewindow_casework.handling.moving import NotYours
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.casework import CaseFileOut
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.delays import DelayFigures, DelayReasonIn, DelayRow
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import LISTING, MOVING, Invalid, Unauthorized, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_shared.plumbing.unit import system_actor

router = APIRouter(prefix="/api/casework/v1", tags=["supervision"])
MINUTE = 60
Quarter = Annotated[str, StringConstraints(pattern="^20[0-9]{2}Q[1-4]$")]
District = Annotated[
    str, StringConstraints(pattern="^[0-9]{6}$"), Path(description="Six digits of the district")
]


@router.post(
    "/cases/{case_no}/delay-reason", summary="Say why it is late", responses=problems(*MOVING, NotYours)
)
async def state_delay_reason(
    case_no: CaseNo,
    body: DelayReasonIn,
    seen: IfMatch,
    run: Run = gated(Permission.SUPERVISION_ANSWER),
) -> CaseFileOut:
    """State the reason of a delay, or state it better: its kind is published, what else is said is not."""
    return await run.change(service.state, case_no, seen, body)


@router.get("/delays", summary="List delays", responses=problems(*LISTING))
async def list_delays(
    wanted: Annotated[Wanted, from_query(Wanted)],
    filters: Annotated[Filters, from_query(Filters)],
    run: Run = gated(Permission.SUPERVISION_READ),
) -> Page[DelayRow]:
    """List the cases within one's area and department that were late, newest first, with their reasons."""
    return await run.read(queries.several, wanted, filters)


@router.get(
    "/delays/{district}",
    response_model=DelayFigures,
    summary="Why cases were late",
    responses=problems(Unauthorized, Invalid),
)
async def read_delays(
    request: Request,
    district: District,
    period: Annotated[Quarter | None, Query(description="Quarter; this one unless given")] = None,
    run: Run = open_to_all("reasons of delays are stated publicly (优化营商环境条例 art. 36); counts alone"),
) -> Response:
    """Count a district's late cases of a quarter by item and kind of reason, rounded down, and no few."""
    reader = system_actor(run.runtime.name, run.actor.request_id)
    return answer(request, await run.runtime.read(reader, service.figures, district, period), max_age=MINUTE)
