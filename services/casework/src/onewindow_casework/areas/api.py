"""Routes of the register's history: what an area was and is, and what is decided of areas."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from onewindow_casework.areas import queries, service
from onewindow_casework.areas.service import BuiltOn, TakesEffect
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.areas import AreaChangeIn, AreaChangeOut, AreaOut, TakingBackIn
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import CREATING, LISTING, Invalid, NotFound, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1", tags=["district"])


@router.get("/areas/{area_code}", summary="Read an area", responses=problems(Invalid, NotFound))
async def read_area(
    area_code: Annotated[AreaCode, Path(description="District, street or community, living or not")],
    run: Run = open_to_all("the register is public, and an old paper names an area that has ended"),
) -> AreaOut:
    """Show an area of the register, with the area that stands for it today."""
    return await run.read(queries.area, area_code)


@router.get("/area-changes", summary="List changes of areas", responses=problems(*LISTING))
async def list_area_changes(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.DISTRICT_READ)
) -> Page[AreaChangeOut]:
    """List what was decided of the areas of one's district, newest first."""
    return await run.read(queries.changes, wanted)


@router.post(
    "/area-changes",
    status_code=201,
    response_model=AreaChangeOut,
    summary="Decide a change of areas",
    responses=problems(*CREATING),
)
async def decide_area_change(
    body: AreaChangeIn, key: IdempotencyKey, run: Run = gated(Permission.DISTRICT_MANAGE)
) -> Response:
    """Split, merge, rename or transfer areas from a day on; each area that ends has one heir."""
    return await run.create(key, body, service.decide)


@router.post(
    "/area-changes/{change_no}/taking-back",
    status_code=201,
    response_model=AreaChangeOut,
    summary="Take a change of areas back",
    responses=problems(*CREATING, NotFound, TakesEffect, BuiltOn),
)
async def take_area_change_back(
    change_no: Annotated[int, Path(ge=1, lt=2**63)],
    body: TakingBackIn,
    key: IdempotencyKey,
    run: Run = gated(Permission.DISTRICT_MANAGE),
) -> Response:
    """Take a decision of one's district back before its day: everything stays as it was."""
    return await run.create(key, body, service.take_back, change_no)
