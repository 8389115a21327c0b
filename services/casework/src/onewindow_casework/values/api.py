"""Routes of what the register says of an area."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.values import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Page, StatedDay
from onewindow_shared.contracts.register import AreaValueIn, AreaValueOut, ProfileOut, ValueKind
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import CREATING, READING, BadCursor, Invalid, NotFound, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1/areas/{area_code}", tags=["district"])
Code = Annotated[AreaCode, Path(description="District, street or community")]
AsOf = Annotated[StatedDay | None, Query(description="Of which day; today unless given")]


@router.get(
    "/profile",
    response_model=ProfileOut,
    summary="Read an area's profile",
    responses=problems(Invalid, NotFound),
)
async def read_profile(
    request: Request,
    area_code: Code,
    as_of: AsOf = None,
    run: Run = open_to_all("the register is public, and residents ask when the window is open"),
) -> Response:
    """Show households, population, staff, premises and service hours of an area as they are on a day."""
    return answer(request, await run.read(service.profile, area_code, as_of))


@router.get("/values", summary="List an area's values", responses=problems(*READING, BadCursor))
async def list_values(
    area_code: Code,
    wanted: Annotated[Wanted, from_query(Wanted)],
    kind: Annotated[ValueKind | None, Query(description="Only this kind")] = None,
    run: Run = gated(Permission.DISTRICT_READ),
) -> Page[AreaValueOut]:
    """List everything that was entered for an area of one's own, with who did, newest first."""
    return await run.read(service.history, wanted, area_code, kind)


@router.post(
    "/values",
    status_code=201,
    response_model=AreaValueOut,
    summary="Enter a value of an area",
    responses=problems(*CREATING, NotFound),
)
async def enter_value(
    area_code: Code, body: AreaValueIn, key: IdempotencyKey, run: Run = gated(Permission.REGISTER_KEEP)
) -> Response:
    """Enter what an area of one's own has from a day on; residents are the district's to count."""
    return await run.create(key, body, service.enter, area_code)
