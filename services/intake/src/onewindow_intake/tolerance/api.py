"""Routes of tolerant acceptance."""

from fastapi import APIRouter

from onewindow_intake.cases.api import ACCEPT, MOVE
from onewindow_intake.deps import TermsDep
from onewindow_intake.tolerance import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.intake import SupplementIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.outcomes import TolerantAcceptanceIn
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/cases", tags=["cases"])


@router.post("/{case_no}/tolerant-acceptance", summary="Accept with papers to come", responses=ACCEPT)
async def accept_case_tolerantly(
    case_no: CaseNo,
    body: TolerantAcceptanceIn,
    seen: IfMatch,
    terms: TermsDep,
    run: Run = gated(Permission.CASE_ACCEPT),
) -> CaseOut:
    """Accept a case in which only papers are missing that may come later, on the applicant's promise."""
    return await run.change(service.accept_tolerantly, case_no, seen, body, terms)


@router.post("/{case_no}/supplement", summary="Hand in what was to come later", responses=MOVE)
async def supplement_case(
    case_no: CaseNo,
    body: SupplementIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HAND_IN),
) -> CaseOut:
    """Hand in papers of a tolerant acceptance, paper by paper; the last one moves the case on."""
    return await run.change(service.supplement, case_no, seen, body)
