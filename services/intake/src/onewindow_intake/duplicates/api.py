"""The route on which earlier cases are pointed out."""

from fastapi import APIRouter

from onewindow_intake.cases.problems import OutsideArea
from onewindow_intake.cases.rules import in_person
from onewindow_intake.duplicates import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.duplicates import DuplicatesIn, EarlierCases
from onewindow_shared.plumbing.problems import ASKING, problems
from onewindow_shared.plumbing.runtime import Run, gated

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
        found = await run.runtime.system(service.earlier, body, reach)
    await run.write(service.looked, body, len(found.cases))
    return found
