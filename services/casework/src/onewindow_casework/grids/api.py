"""Routes of grid cells."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from onewindow_casework.grids import service
from onewindow_casework.grids.service import CellExists
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, GridCode, Page, StatedDay
from onewindow_shared.contracts.grids import GridEndIn, GridIn, GridOut
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import CREATING, READING, BadCursor, NotFound, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/casework/v1", tags=["grids"])
KEEPER = gated(Permission.DISTRICT_MANAGE)
Cell = Annotated[GridCode, Path(description="Fifteen digits")]


@router.get("/areas/{area_code}/grids", summary="List grid cells", responses=problems(*READING, BadCursor))
async def list_grids(
    area_code: Annotated[AreaCode, Path(description="District, street or community")],
    wanted: Annotated[Wanted, from_query(Wanted)],
    as_of: Annotated[StatedDay | None, Query(description="Of which day; today unless given")] = None,
    run: Run = gated(Permission.DISTRICT_READ),
) -> Page[GridOut]:
    """List the cells of an area of one's own on a day, those of communities that it is heir of included."""
    return await run.read(service.cells, wanted, area_code, as_of)


@router.get("/grids/{grid_code}", summary="Read a grid cell", responses=problems(*READING))
async def read_grid(grid_code: Cell, run: Run = gated(Permission.DISTRICT_READ)) -> GridOut:
    """Show a cell within one's area, living or not."""
    return await run.read(service.read, grid_code)


@router.post(
    "/grids",
    status_code=201,
    response_model=GridOut,
    summary="Draw a grid cell",
    responses=problems(*CREATING, CellExists),
)
async def draw_grid(body: GridIn, key: IdempotencyKey, run: Run = KEEPER) -> Response:
    """Draw a cell of a community of one's district under a code that no cell ever had."""
    return await run.create(key, body, service.draw)


@router.post(
    "/grids/{grid_code}/succession",
    status_code=201,
    response_model=GridOut,
    summary="Have a grid cell go on as another",
    responses=problems(*CREATING, NotFound, CellExists),
)
async def end_grid(grid_code: Cell, body: GridEndIn, key: IdempotencyKey, run: Run = KEEPER) -> Response:
    """End a cell: it goes on under another code, as after a split of its community, or joins another cell."""
    return await run.create(key, body, service.go_on, grid_code)
