"""Routes of what weighs on communities."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.burden import service
from onewindow_casework.burden.service import RecordedMeanwhile
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.burden import (
    BurdenIn,
    BurdenKind,
    BurdenOut,
    BurdenRecordOut,
)
from onewindow_shared.contracts.common import AreaCode, CommunityCode, Page
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    READING,
    BadCursor,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["burden"])
WRITE = (*CHANGING, RecordedMeanwhile)
Year = Annotated[int, Path(ge=2000, le=2999)]
OfYear = Annotated[int, Query(ge=2001, le=2999)]


@router.get(
    "/burden/areas/{area_code}",
    response_model=BurdenOut,
    summary="What weighs on an area",
    responses=problems(*READING),
)
async def read_burden(
    request: Request, area_code: AreaCode, year: OfYear, run: Run = gated(Permission.METRICS_READ)
) -> Response:
    """Show every kind against the year before, what the lists admit, and hours asked against staff."""
    return answer(request, await run.read(service.weighing, area_code, year))


@router.get(
    "/burden/areas/{area_code}/records",
    summary="List recorded figures",
    responses=problems(*READING, BadCursor),
)
async def list_burden_records(
    area_code: AreaCode,
    year: OfYear,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.METRICS_READ),
) -> Page[BurdenRecordOut]:
    """List what communities of an area recorded for a year, each with its source."""
    return await run.read(service.records, wanted, area_code, year)


@router.put(
    "/burden/communities/{community}/years/{year}/{kind}",
    summary="Record a figure",
    responses=problems(*WRITE),
)
async def record_burden(
    community: CommunityCode,
    year: Year,
    kind: BurdenKind,
    body: BurdenIn,
    seen: IfMatch,
    run: Run = gated(Permission.BURDEN_RECORD),
) -> BurdenRecordOut:
    """Record or correct how many of a kind a community had; `If-Match` is `"0"` for the first time."""
    return await run.change(service.record, community, year, kind, seen, body)
