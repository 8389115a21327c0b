"""Routes of the norm profile."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.norms import service
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import AreaCode, Code, Page, StatedDay
from onewindow_shared.contracts.norms import NormIn, NormOut, NormStandings
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    READING,
    BadCursor,
    Invalid,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1", tags=["norms"])
District = Annotated[AreaCode, Path(description="The district, or an area of it")]
AsOf = Annotated[StatedDay | None, Query(description="Of which day; today unless given")]
PUBLIC = "what law, policy and places want is public, and so are the figures of communities"


@router.get("/norms/{district}", summary="List the norms of a district", responses=problems(*LISTING))
async def list_norms(
    district: District,
    wanted: Annotated[Wanted, from_query(Wanted)],
    as_of: AsOf = None,
    run: Run = gated(Permission.DISTRICT_READ),
) -> Page[NormOut]:
    """List the norms of a district's profile on a day by code, those that it set aside included."""
    return await run.read(service.profile, wanted, district, as_of)


@router.get(
    "/norms/{district}/{code}", summary="List what became of a norm", responses=problems(*READING, BadCursor)
)
async def list_norm_history(
    district: District,
    code: Annotated[Code, Path()],
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.DISTRICT_READ),
) -> Page[NormOut]:
    """List everything that a district entered of a norm, newest first."""
    return await run.read(service.history, wanted, district, code)


@router.post(
    "/norms/{district}",
    status_code=201,
    response_model=NormOut,
    summary="Enter a norm",
    responses=problems(*CREATING, NotFound),
)
async def enter_norm(
    district: District,
    body: NormIn,
    key: IdempotencyKey,
    run: Run = gated(Permission.DISTRICT_MANAGE),
) -> Response:
    """Enter a norm of one's own district, in place of what came with the project or was entered before."""
    return await run.create(key, body, service.enter, district)


@router.get(
    "/areas/{area_code}/norms",
    response_model=NormStandings,
    summary="Set an area beside the norms",
    responses=problems(Invalid, NotFound),
)
async def read_standings(
    request: Request,
    area_code: Annotated[AreaCode, Path(description="Street or community")],
    as_of: AsOf = None,
    run: Run = open_to_all(PUBLIC),
) -> Response:
    """Show for each norm about such areas whether this one's figure meets it, and where the norm is from."""
    return answer(request, await run.read(service.standings, area_code, as_of))
