"""Route of tracking, open to whoever holds a receipt."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from onewindow_intake.deps import SettingsDep
from onewindow_intake.tracking import service
from onewindow_shared.contracts.cases import TrackedCase
from onewindow_shared.contracts.common import ReadOff
from onewindow_shared.contracts.intake import TrackingIn
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.numbers import case_no_typed
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, guarded
from onewindow_shared.plumbing.problems import BadCursor, Invalid, NotFound, problems
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(prefix="/api/intake/v1/tracking", tags=["tracking"])
_UNKNOWN = "Please compare number and code with the receipt."
Typed = Annotated[ReadOff, Path(description="The number as it stands on the receipt")]


@router.post(
    "/{case_no}", summary="Track a case", responses=problems(NotFound, TooManyCodes, Invalid, BadCursor)
)
async def track_case(
    request: Request,
    case_no: Typed,
    body: TrackingIn,
    settings: SettingsDep,
    run: Run = open_to_all("whoever holds number and code of a receipt may follow the case"),
) -> TrackedCase:
    """Show where a case stands; a wrong number and a wrong code are the same 404, counted alike.

    The latest steps are shown; those before come with the same code, asked again with `earlier` as `cursor`.
    """
    tried = Try("tracking", case_no_typed(case_no), client_of(request), Metric.CODES_WRONG)
    asked = tried.number, body, settings.service_phone
    found = await guarded(run, tried, settings.tracking, service.look_up, *asked)
    if found is None:
        raise NotFound(detail=_UNKNOWN)
    return found
