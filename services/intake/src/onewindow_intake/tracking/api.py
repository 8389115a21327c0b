"""Route of tracking, open to whoever holds a receipt."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import TypeAdapter, ValidationError

from onewindow_intake.deps import SettingsDep
from onewindow_intake.tracking import service
from onewindow_shared.contracts.cases import TrackedCase
from onewindow_shared.contracts.common import ReadOff
from onewindow_shared.contracts.intake import TrackingIn
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.numbers import CaseNo
from onewindow_shared.plumbing.guesses import TooManyCodes, Try, client_of, count_wrong_code
from onewindow_shared.plumbing.problems import Invalid, NotFound, problems
from onewindow_shared.plumbing.runtime import Run, open_to_all
from onewindow_shared.plumbing.unit import system_actor

router = APIRouter(prefix="/api/intake/v1/tracking", tags=["tracking"])
_NUMBER = TypeAdapter[str](CaseNo)
_UNKNOWN = "Please compare number and code with the receipt."
Typed = Annotated[ReadOff, Path(description="The number as it stands on the receipt")]


@router.post("/{case_no}", summary="Track a case", responses=problems(NotFound, TooManyCodes, Invalid))
async def track_case(
    request: Request,
    case_no: Typed,
    body: TrackingIn,
    response: Response,
    settings: SettingsDep,
    run: Run = open_to_all("whoever holds number and code of a receipt may follow the case"),
) -> TrackedCase:
    """Show where a case stands; a wrong number and a wrong code are the same 404."""
    tried = Try("tracking", _read(case_no), client_of(request))
    reader = system_actor(run.runtime.name, run.actor.request_id)
    found = await run.runtime.read(
        reader, service.look_up, tried, body.code, settings.tracking, settings.service_phone
    )
    if found is None:
        await run.runtime.system(count_wrong_code, tried, settings.tracking, Metric.CODES_WRONG)
        raise NotFound(detail=_UNKNOWN)
    response.headers["Cache-Control"] = "no-store"
    return found


def _read(typed: str) -> str:
    """Return a number as it was given out; what cannot be one is looked for, counted and refused alike."""
    try:
        return _NUMBER.validate_python(typed)
    except ValidationError:
        return typed
