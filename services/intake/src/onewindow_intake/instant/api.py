"""Route of deciding at once."""

from fastapi import APIRouter

from onewindow_intake.cases.api import ACCEPT
from onewindow_intake.deps import TermsDep
from onewindow_intake.instant import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.intake import InstantDecisionIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/cases", tags=["cases"])


@router.post(
    "/{case_no}/instant-decision",
    summary="Decide at once",
    responses=ACCEPT,
)
async def decide_case_at_once(
    case_no: CaseNo,
    body: InstantDecisionIn,
    seen: IfMatch,
    terms: TermsDep,
    run: Run = gated(Permission.CASE_ACCEPT),
) -> CaseOut:
    """Grant or refuse a complete case of an instant item in the same visit, and close it."""
    return await run.change(service.decide_at_once, case_no, seen, body, terms)
