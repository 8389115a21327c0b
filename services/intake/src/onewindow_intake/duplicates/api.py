"""Routes on which earlier cases are pointed out, and decided about afterwards."""

from fastapi import APIRouter

from onewindow_intake.cases.api import READ
from onewindow_intake.cases.problems import OutsideArea
from onewindow_intake.cases.rules import in_person
from onewindow_intake.duplicates import deciding, service
from onewindow_intake.duplicates.deciding import PointedOut
from onewindow_intake.duplicates.problems import NothingToDecide
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.cases import CaseOut
from onewindow_shared.contracts.duplicates import DuplicatesIn, EarlierCases
from onewindow_shared.contracts.intake import DuplicateChoice
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.problems import ASKING, CHANGING, problems
from onewindow_shared.plumbing.runtime import Run, gated
from onewindow_shared.plumbing.unit import system_actor

router = APIRouter(prefix="/api/intake/v1/cases", tags=["cases"])


@router.post(
    "/duplicates",
    summary="Look for earlier cases",
    responses=problems(*ASKING, OutsideArea),
)
async def look_for_earlier_cases(
    body: DuplicatesIn, run: Run = gated(Permission.CASE_CREATE)
) -> EarlierCases:
    """Point out earlier cases of the same person and item, by document, name, mobile and address.

    They are looked for in the community's district, by windows of that district only. A window learns of a
    case outside its area only where it lies; residents are told of their own.
    """
    reach = run.actor.scope
    if in_person(run.actor.roles):
        found = await run.read(service.earlier, body, reach)
    elif not service.same_district(reach, body.community):
        raise OutsideArea(detail="Look for earlier cases in your own district.")
    else:
        found = await run.runtime.read(system_actor(run.runtime.name), service.earlier, body, reach)
    await run.write(service.looked, body, len(found.cases))
    return found


@router.get("/{case_no}/earlier-cases", summary="Look for the earlier cases of one", responses=READ)
async def list_earlier_cases(case_no: CaseNo, run: Run = gated(Permission.CASE_BATCH)) -> EarlierCases:
    """Point out the earlier cases that one which is there may repeat, as before it was posted; audited."""
    found = await _pointed_out(run, case_no)
    await run.write(deciding.looked_again, case_no, len(found.told.cases))
    return found.told


@router.post(
    "/{case_no}/duplicate-choice",
    summary="Decide about an earlier case",
    responses=problems(*CHANGING, NothingToDecide),
)
async def decide_about_earlier_case(
    case_no: CaseNo, body: DuplicateChoice, seen: IfMatch, run: Run = gated(Permission.CASE_BATCH)
) -> CaseOut:
    """Keep the choice that a window could not make when it took the case in offline."""
    return await run.change(deciding.decide, case_no, seen, body, await _pointed_out(run, case_no))


async def _pointed_out(run: Run, case_no: str) -> PointedOut:
    await run.read(deciding.expect_reached, case_no)
    reader = system_actor(run.runtime.name)
    return await run.runtime.read(reader, deciding.pointed_out, case_no, run.actor.scope)
