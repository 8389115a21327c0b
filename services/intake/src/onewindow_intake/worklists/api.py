"""Routes of lists of cases."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from onewindow_intake.worklists import service
from onewindow_intake.worklists.export import taken_away
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseSummary
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.worklists import CaseExportIn, CaseFilter, CaseLookupIn
from onewindow_shared.plumbing.conditional import UNCHANGED, answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    ASKING,
    LISTING,
    Unavailable,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.sheets import SHEETS

router = APIRouter(prefix="/api/intake/v1/cases", tags=["worklists"])
LISTED = problems(*LISTING)


@router.get("", summary="List cases", response_model=Page[CaseSummary], responses={**UNCHANGED, **LISTED})
async def list_cases(
    request: Request,
    wanted: Annotated[Wanted, from_query(Wanted)],
    chosen: Annotated[CaseFilter, from_query(CaseFilter)],
    run: Run = gated(Permission.CASE_READ),
) -> Response:
    """List the cases of one's area; residents see their own.

    A page looks at a bounded number of cases: it may hold fewer than asked for and still have a `next`.
    """
    return answer(request, await run.read(service.several, wanted, chosen))


@router.post("/lookup", summary="Find a person's cases", response_model=Page[CaseSummary], responses=LISTED)
async def look_up_cases(
    request: Request,
    body: CaseLookupIn,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.CASE_READ),
) -> Response:
    """List the cases of one's area that a person applied for, newest first; looking is written down."""
    found = await run.read(service.of_person, wanted, body)
    await run.write(service.looked, body)
    return answer(request, found)


@router.post(
    "/export",
    summary="Take a list away",
    response_class=StreamingResponse,
    responses={
        **SHEETS,
        **problems(*ASKING, Unavailable),
    },
)
async def export_cases(body: CaseExportIn, run: Run = gated(Permission.CASE_EXPORT)) -> Response:
    """Stream a list as CSV or XLSX, names masked; the reason and the number of rows are written down."""
    return await taken_away(run, body)
