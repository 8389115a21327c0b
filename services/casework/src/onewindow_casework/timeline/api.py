"""Route of a case's timeline."""

from typing import Annotated

from fastapi import APIRouter

from onewindow_casework.timeline import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.casework import TimelineEntry
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    READING,
    BadCursor,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["cases"])


@router.get(
    "/cases/{case_no}/timeline",
    summary="Follow a case",
    responses=problems(*READING, BadCursor),
)
async def read_timeline(
    case_no: CaseNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.CASE_READ)
) -> Page[TimelineEntry]:
    """List what happened to a case, oldest first; applicants see their own."""
    return await run.read(service.follow, wanted, case_no)
