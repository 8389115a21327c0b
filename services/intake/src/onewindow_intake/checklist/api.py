"""Routes of the check-list of a case."""

from typing import Annotated

from fastapi import APIRouter, Path

from onewindow_intake.cases.api import MOVE_BY_NOTICE
from onewindow_intake.checklist import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.common import Code
from onewindow_shared.contracts.intake import MaterialChangeIn, MaterialsIn
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1/cases", tags=["cases"])
Material = Annotated[Code, Path(description="Code of a paper of the case's check-list")]


@router.post("/{case_no}/materials", summary="Hand in papers", responses=MOVE_BY_NOTICE)
async def hand_in_materials(
    case_no: CaseNo,
    body: MaterialsIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HAND_IN),
) -> CaseOut:
    """Hand in or correct papers on the spot, or while corrections are awaited.

    `lines` names what of the notice of corrections is met that is about no paper. What the window says was
    seen; what anybody else says is declared, until the window has seen it.
    """
    return await run.change(service.hand_in, case_no, seen, body)


@router.patch("/{case_no}/materials/{material}", summary="Work on one paper", responses=MOVE_BY_NOTICE)
async def work_on_material(
    case_no: CaseNo,
    material: Material,
    body: MaterialChangeIn,
    seen: IfMatch,
    run: Run = gated(Permission.CASE_HAND_IN),
) -> CaseOut:
    """Say more of one paper: originals seen, copies taken, file received, remark; the rest stays as it is."""
    return await run.change(service.work_on, case_no, material, seen, body)
