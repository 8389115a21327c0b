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
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, count_wrong_code
from onewindow_shared.plumbing.papers import press
from onewindow_shared.plumbing.problems import Invalid, NotFound, NotPermitted, Unauthorized, problems
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_shared.plumbing.unit import system_actor

router = APIRouter(prefix="/api/intake/v1", tags=["papers"])
PDF = "application/pdf"
BINARY = {"schema": {"type": "string", "format": "binary"}}
UNKNOWN = PaperCheck(
    standing=Standing.UNKNOWN,
    number=None,
    title=None,
    issued_on=None,
    office=None,
    applicant=None,
    item_name=None,
    status_label=None,
)
WHY = "whoever holds a paper may ask whether the office issued it"
CHECK = problems(TooManyCodes, Invalid)
Token = Annotated[str, Path(max_length=64, description="The last part of the address in the QR code")]


@router.get(
    "/cases/{case_no}/papers/{kind}",
    summary="Print a paper of a case",
    response_class=Response,
    responses={
        200: {
            "description": "PDF/A-2b",
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems(Unauthorized, NotPermitted, NotFound, Invalid),
    },
)
async def print_paper(
    case_no: CaseNo, kind: DocumentKind, run: Run = gated(Permission.CASE_READ)
) -> Response:
    """Print receipt, notice, refusal and so on; what was issued before is printed as it was. Audited."""
    sheet, at = await run.write(service.issue, case_no, kind)
    headers = {
        "Content-Disposition": f"inline; filename={sheet.number}.pdf",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(await press().printed(sheet, at), headers=headers, media_type=PDF)


@router.post("/paper-checks", summary="Check a paper", responses=CHECK)
async def check_paper(
    request: Request, body: PaperCheckIn, response: Response, guard: GuardDep, run: Run = open_to_all(WHY)
) -> PaperCheck:
    """Say by number and code whether a paper is genuine, replaced or unknown, and what it has to say."""
    tried = Try("paper", body.number.strip().upper(), client_of(request))
    reader = system_actor(run.runtime.name, run.actor.request_id)
    found = await run.runtime.read(reader, service.check, tried, body.code, guard)
    return await _told(response, run, tried, guard, found)


@router.get("/paper-checks/{token}", summary="Check a paper by its QR code", responses=CHECK)
async def check_paper_by_token(
    request: Request, token: Token, response: Response, guard: GuardDep, run: Run = open_to_all(WHY)
) -> PaperCheck:
    """Say the same by the address in the QR code, which is random and tells nothing by itself."""
    tried = Try("paper", token, client_of(request))
    reader = system_actor(run.runtime.name, run.actor.request_id)
    found = await run.runtime.read(reader, service.check_token, tried, guard)
    return await _told(response, run, tried, guard, found)


async def _told(
    response: Response, run: Run, tried: Try, guard: GuardDep, found: PaperCheck | None
) -> PaperCheck:
    response.headers["Cache-Control"] = "no-store"
    if found is not None:
        return found
    await run.runtime.system(count_wrong_code, tried, guard, Metric.CODES_WRONG)
    return UNKNOWN
