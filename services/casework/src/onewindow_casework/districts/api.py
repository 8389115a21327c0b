"""Routes of the district: communities, departments, calendar."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.districts import queries, service
from onewindow_casework.districts.rules import FIRST_YEAR, LAST_YEAR
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.casework import CalendarIn, CalendarOut, CommunityOut, DepartmentOut
from onewindow_shared.contracts.common import AreaCode, Page
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    ASKING,
    LISTING,
    VersionRequired,
    VersionStale,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1", tags=["district"])
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]


@router.get("/communities", summary="List communities", responses=problems(*LISTING))
async def list_communities(
    wanted: Annotated[Wanted, from_query(Wanted)],
    street: Annotated[AreaCode | None, Query(description="Only this street's, or district's")] = None,
    run: Run = open_to_all("the register is public, and whoever applies has to choose a community"),
) -> Page[CommunityOut]:
    """List the communities of the public register by code."""
    return await run.read(queries.communities, wanted, street)


@router.get("/departments", summary="List departments", responses=problems(*LISTING))
async def list_departments(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.DISTRICT_READ)
) -> Page[DepartmentOut]:
    """List the departments of one's district by code."""
    return await run.read(queries.departments, wanted)


@router.get(
    "/calendar/{year}",
    response_model=CalendarOut,
    summary="Read a calendar year",
    responses=problems(*ASKING),
)
async def read_calendar(request: Request, year: Year, run: Run = gated(Permission.DISTRICT_READ)) -> Response:
    """Show the days of a year that are not what their weekday says, and whether the year is published."""
    calendar = await run.read(service.read_year, year)
    return answer(request, calendar, etag=str(calendar.revision))


@router.put(
    "/calendar/{year}",
    summary="Import a calendar year",
    responses=problems(*ASKING, VersionStale, VersionRequired),
)
async def import_calendar(
    year: Year,
    body: CalendarIn,
    seen: IfMatch,
    response: Response,
    run: Run = gated(Permission.DISTRICT_MANAGE),
) -> CalendarOut:
    """Replace a year by the State Council's notice; limits of open cases that cross it are counted again.

    `If-Match` names the revision of the year that the caller saw, `"0"` for one not published.
    """
    calendar = await run.write(service.import_year, year, body, seen=seen)
    response.headers["ETag"] = f'"{calendar.revision}"'
    return calendar
