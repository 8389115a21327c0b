"""Routes of a case's papers: printing them, and verifying one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from onewindow_casework.papers import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.case_papers import CasePaper, CasePaperProof
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.contracts.papers import PaperCheckIn
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, proved
from onewindow_shared.plumbing.papers import PRINTED, paper_answer
from onewindow_shared.plumbing.problems import (
    READING,
    Invalid,
    NotFound,
    Unauthorized,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1", tags=["papers"])


@router.get(
    "/cases/{case_no}/papers/{kind}",
    summary="Print a paper of the handling",
    response_class=Response,
    responses={**PRINTED, **problems(*READING)},
)
async def print_case_paper(
    case_no: CaseNo,
    kind: CasePaper,
    place: Annotated[
        int | None, Query(ge=1, le=999_999, description="The how-manieth of its kind; the last unless given")
    ] = None,
    run: Run = gated(Permission.CASE_READ),
) -> Response:
    """Print decision, delivery, notice or form of an agency as PDF/A with its QR code. Audited."""
    sheet, at = await run.write(service.issue, case_no, kind, place)
    return await paper_answer(sheet, at)


@router.post(
    "/case-papers/proofs",
    summary="Verify a paper of the handling",
    responses=problems(Unauthorized, NotFound, TooManyCodes, Invalid),
)
async def prove_case_paper(
    request: Request,
    body: PaperCheckIn,
    run: Run = open_to_all("whoever is handed a paper may verify it by its number and code"),
) -> CasePaperProof:
    """Say by number and code what a genuine paper says; a wrong number and a wrong code are the same 404."""
    tried = Try("case-paper", body.number.strip().upper(), client_of(request))
    return await proved(run, tried, service.look_up, body.code)
