"""Route of a case's clock."""

from fastapi import APIRouter, Request, Response

from onewindow_casework.clocks import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.limits import ClockOut
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.problems import (
    READING,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["cases"])


@router.get(
    "/cases/{case_no}/clock",
    response_model=ClockOut,
    summary="Explain the limits of a case",
    responses=problems(*READING),
)
async def read_clock(request: Request, case_no: CaseNo, run: Run = gated(Permission.CASE_READ)) -> Response:
    """Show which days were counted, which skipped and why, and what is only provisional."""
    return answer(request, await run.read(service.explain, case_no))
