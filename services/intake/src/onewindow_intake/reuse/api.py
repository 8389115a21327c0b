"""Routes of papers that were handed in before."""

from fastapi import APIRouter, Request, Response

from onewindow_intake.cases.api import ANYONE, READ
from onewindow_intake.checklist.api import Material
from onewindow_intake.deps import SettingsDep
from onewindow_intake.documents.problems import UploadClosed
from onewindow_intake.reuse import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.checklist import ReusableMaterials, ReuseIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.problems import (
    Invalid,
    MoveRefused,
    NotFound,
    VersionRequired,
    VersionStale,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/cases", tags=["cases"])
REUSE = problems(*ANYONE, NotFound, MoveRefused, UploadClosed, VersionStale, VersionRequired, Invalid)


@router.get(
    "/{case_no}/reusable-materials",
    summary="What was handed in before",
    response_model=ReusableMaterials,
    responses=READ,
)
async def list_reusable_materials(
    request: Request, case_no: CaseNo, settings: SettingsDep, run: Run = gated(Permission.CASE_ACCEPT)
) -> Response:
    """List papers that the applicant handed in before, agreed to have used again, and need not bring now."""
    return answer(request, await run.read(service.offered, case_no, settings.reusable_days))


@router.post("/{case_no}/materials/{material}/reuse", summary="Use a paper again", responses=REUSE)
async def reuse_material(
    case_no: CaseNo,
    material: Material,
    body: ReuseIn,
    seen: IfMatch,
    settings: SettingsDep,
    run: Run = gated(Permission.CASE_ACCEPT),
) -> CaseOut:
    """Take a paper of an earlier case as handed in; its documents are linked, not copied."""
    return await run.change(
        service.take_over,
        case_no,
        material,
        seen,
        body,
        default_days=settings.reusable_days,
        terms=settings.documents,
    )
