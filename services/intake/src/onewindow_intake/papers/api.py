"""Routes of papers: printing them, and checking whether one is genuine."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_intake.deps import GuardDep
from onewindow_intake.papers import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.documents_issued import DocumentKind
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.papers import PaperCheck, PaperCheckIn, Standing
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, guarded
from onewindow_shared.plumbing.papers import PRINTED, paper_answer
from onewindow_shared.plumbing.problems import (
    READING,
    Invalid,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/intake/v1", tags=["papers"])
UNKNOWN = PaperCheck(
    standing=Standing.UNKNOWN,
    number=None,
    title=None,
    issued_on=None,
    office=None,
    applicant=None,
    item_name=None,
    status=None,
    status_label=None,
)
WHY = "whoever holds a paper may ask whether the office issued it"
CHECK = problems(TooManyCodes, Invalid)
Token = Annotated[str, Path(max_length=64, description="The last part of the address in the QR code")]


@router.get(
    "/cases/{case_no}/papers/{kind}",
    summary="Print a paper of a case",
    response_class=Response,
    responses={**PRINTED, **problems(*READING)},
)
async def print_paper(
    case_no: CaseNo, kind: DocumentKind, run: Run = gated(Permission.CASE_READ)
) -> Response:
    """Print receipt, notice, refusal and so on, as it was issued; every print is the same."""
    sheet, at = await run.read(service.printed, case_no, kind)
    return await paper_answer(sheet, at)


@router.post("/paper-checks", summary="Check a paper", responses=CHECK)
async def check_paper(
    request: Request, body: PaperCheckIn, guard: GuardDep, run: Run = open_to_all(WHY)
) -> PaperCheck:
    """Say by number and code whether a paper is genuine, replaced or unknown, and what it has to say."""
    tried = Try("paper", body.number.strip().upper(), client_of(request), Metric.CODES_WRONG)
    return await guarded(run, tried, guard, service.check, tried.number, body.code) or UNKNOWN


@router.get("/paper-checks/{token}", summary="Check a paper by its QR code", responses=CHECK)
async def check_paper_by_token(
    request: Request, token: Token, guard: GuardDep, run: Run = open_to_all(WHY)
) -> PaperCheck:
    """Say the same by the address in the QR code, which is random and tells nothing by itself."""
    tried = Try("paper", token, client_of(request), Metric.CODES_WRONG)
    return await guarded(run, tried, guard, service.check_token, token) or UNKNOWN
