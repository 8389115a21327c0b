"""Route of the needs that came up in a case."""

from typing import Annotated

from fastapi import APIRouter

from onewindow_casework.needs import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import Page
from onewindow_shared.contracts.needs import CaseNeedOut
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
    "/cases/{case_no}/needs",
    summary="Needs that came up in a case",
    responses=problems(*READING, BadCursor),
)
async def list_case_needs(
    case_no: CaseNo, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.CASE_READ)
) -> Page[CaseNeedOut]:
    """List what volunteers are asked for because of a case, and how far each is."""
    return await run.read(service.of_case, wanted, case_no)
