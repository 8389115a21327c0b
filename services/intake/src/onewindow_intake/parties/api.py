"""Route of taking back consent."""

from fastapi import APIRouter

from onewindow_intake.parties import service
from onewindow_intake.parties.problems import ConsentWithdrawn
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.parties import ConsentWithdrawalIn
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.problems import (
    CHANGING,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/cases", tags=["cases"])
WITHDRAW = problems(*CHANGING, ConsentWithdrawn)


@router.post("/{case_no}/consent-withdrawal", summary="Take back consent", responses=WITHDRAW)
async def withdraw_consent(
    case_no: CaseNo,
    body: ConsentWithdrawalIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_WITHDRAW),
) -> CaseOut:
    """Take back the consent; a case not accepted yet ends, an accepted one goes on by law."""
    return await run.change(service.withdraw_consent, case_no, seen, body)
