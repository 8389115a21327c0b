"""Routes of papers that were handed in before."""

from fastapi import APIRouter, Request, Response

from onewindow_intake.cases.api import READ
from onewindow_intake.checklist.api import Material
from onewindow_intake.deps import SettingsDep, SnapshotDep
from onewindow_intake.documents.problems import UploadClosed
from onewindow_intake.drafts.api import DraftId
from onewindow_intake.reuse import service
from onewindow_intake.reuse.service import Wish
from onewindow_intake.settings import Settings
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.checklist import ReusableMaterials, ReuseIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.problems import MOVING, problems
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.unit import system_actor

router = APIRouter(prefix="/api/intake/v1", tags=["cases"])
REUSE = problems(*MOVING, UploadClosed)


@router.get(
    "/cases/{case_no}/reusable-materials",
    summary="What was handed in before",
    response_model=ReusableMaterials,
    responses=READ,
)
async def list_reusable_materials(
    request: Request, case_no: CaseNo, settings: SettingsDep, run: Run = gated(Permission.CASE_ACCEPT)
) -> Response:
    """List papers that the applicant handed in before, agreed to have used again, and need not bring now.

    Of what another community of the district keeps only the day and the validity are told.
    """
    wish = await run.read(service.of_case, case_no)
    return answer(request, await _offered(run, wish, settings))


@router.get(
    "/drafts/{draft_id}/reusable-materials",
    summary="What was handed in before, for a draft",
    response_model=ReusableMaterials,
    responses=READ,
)
async def list_reusable_materials_for_draft(
    request: Request,
    draft_id: DraftId,
    snapshot: SnapshotDep,
    settings: SettingsDep,
    run: Run = gated(Permission.CASE_ACCEPT),
) -> Response:
    """List the same as soon as a draft names its item and its applicant's document; looking is audited."""
    wish = await run.read(service.of_draft, draft_id, snapshot)
    if wish is not None:
        await run.write(service.looked, wish)
    return answer(request, await _offered(run, wish, settings))


async def _offered(run: Run, wish: Wish | None, settings: Settings) -> ReusableMaterials:
    reader = system_actor(run.runtime.name)
    return await run.runtime.read(reader, service.offered, wish, run.actor.scope, settings.reusable_days)


@router.post("/cases/{case_no}/materials/{material}/reuse", summary="Use a paper again", responses=REUSE)
async def reuse_material(
    case_no: CaseNo,
    material: Material,
    body: ReuseIn,
    seen: IfMatch,
    settings: SettingsDep,
    run: Run = gated(Permission.CASE_ACCEPT),
) -> CaseOut:
    """Take a paper of an earlier case as handed in; its documents are linked, not copied.

    Without `case_no` it is one that another community keeps: then the applicant has to agree.
    """
    wish = await run.read(service.of_case, case_no)
    reach, days = run.actor.scope, settings.reusable_days
    kept = await run.runtime.read(system_actor(run.runtime.name), service.handed_in, wish, reach, days)
    return await run.change(
        service.take_over,
        case_no,
        material,
        seen,
        body,
        kept=kept,
        terms=settings.documents,
    )
