"""Routes of monthly statements: reading, printing, and proving a printed one."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_casework.funding import paper, statements
from onewindow_casework.funding.statements import MonthNotOver
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.funding import FundStatement, Month, StatementCheck, StatementCheckIn
from onewindow_shared.plumbing.conditional import answer
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

router = APIRouter(prefix="/api/casework/v1/admission/funding", tags=["funding"])
Of = Annotated[AreaCode, Path(description="Community, street or district")]
WHY = "whoever holds a statement may ask whether it is genuine"
CHECK = problems(Unauthorized, NotFound, TooManyCodes, Invalid)
Number = Annotated[str, Path(max_length=32, description="Of the statement")]
Token = Annotated[str, Path(max_length=64, description="The last part of the address in the QR code")]
OfMonth = Annotated[Month, Path(description="e.g. 2026-11")]


@router.get(
    "/statements/{area_code}/{month}",
    response_model=FundStatement,
    summary="Read a month's statement",
    responses=problems(*READING),
)
async def read_statement(
    request: Request, area_code: Of, month: OfMonth, run: Run = gated(Permission.FUND_READ)
) -> Response:
    """Show what lay on an area's part of the special account, what came, what went and what is left."""
    return answer(request, await run.read(statements.statement, area_code, month))


@router.get(
    "/statements/{area_code}/{month}/paper",
    summary="Print a month's statement",
    response_class=Response,
    responses={**PRINTED, **problems(*READING, MonthNotOver)},
)
async def print_statement(area_code: Of, month: OfMonth, run: Run = gated(Permission.FUND_READ)) -> Response:
    """Print the statement of a month that is over, with the code that proves it; the same paper each time."""
    sheet, at = await run.read(paper.sheet, area_code, month)
    return await paper_answer(sheet, at, paper.TEMPLATE)


@router.post("/statements/checks", summary="Check a printed statement", responses=CHECK)
async def check_statement(
    request: Request, body: StatementCheckIn, run: Run = open_to_all(WHY)
) -> StatementCheck:
    """Say what has to stand on a statement; a wrong number and a wrong code are the same 404."""
    tried = Try("statement", body.number.strip(), client_of(request))
    return await proved(run, tried, statements.check, body.code)


@router.get(
    "/statements/checks/{number}/{token}", summary="Check a statement by its QR code", responses=CHECK
)
async def check_statement_by_token(
    request: Request, number: Number, token: Token, run: Run = open_to_all(WHY)
) -> StatementCheck:
    """Say the same by the address in the QR code."""
    return await proved(run, Try("statement", number, client_of(request)), statements.check_token, token)
