"""Routes of the published lists; anybody may read them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_casework.lists import printing, publishing, service
from onewindow_casework.lists.publishing import NothingChanged
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.admission import DistrictCode, ListedMatter, MatterClass
from onewindow_shared.contracts.common import Code, CommunityCode, Page
from onewindow_shared.contracts.lists import ListIn, ListOut, MatterChange, PublicStep
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.papers import PRINTED, paper_answer
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    READING,
    BadCursor,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1/admission", tags=["lists"])
PUBLIC = "the lists are public by law (北京市街道办事处条例 art. 32)"
Number = Annotated[int, Path(ge=1, le=1_000_000)]
FOR_A_DAY = 24 * 60 * 60


@router.get("/listed", summary="What may be asked of a community", responses=problems(*LISTING))
async def list_listed(
    wanted: Annotated[Wanted, from_query(Wanted)],
    community: Annotated[CommunityCode, Query()],
    day: Annotated[date | None, Query(description="Today unless given")] = None,
    run: Run = open_to_all(PUBLIC),
) -> Page[ListedMatter]:
    """List what stands on the district's lists for a community on a day, by code."""
    return await run.read(service.listed_page, wanted, community, day)


@router.get(
    "/listed/{code}/trace",
    summary="Life of a listed item",
    responses=problems(*READING, BadCursor),
)
async def trace_item(
    code: Code, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = open_to_all(PUBLIC)
) -> Page[PublicStep]:
    """List what happened to an item that was ever listed, from its draft on; nobody is named."""
    return await run.read(service.trace, wanted, code)


@router.get("/lists", summary="List the versions", responses=problems(*LISTING))
async def list_versions(
    wanted: Annotated[Wanted, from_query(Wanted)],
    district: Annotated[DistrictCode, Query()],
    run: Run = open_to_all(PUBLIC),
) -> Page[ListOut]:
    """List the versions of a district's lists, the newest first, those to come included."""
    return await run.read(service.versions, wanted, district)


@router.post(
    "/lists",
    status_code=201,
    response_model=ListOut,
    summary="Publish the next version",
    responses=problems(*CREATING, NothingChanged),
)
async def publish_list(
    body: ListIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.ADMISSION_PUBLISH)
) -> Response:
    """Publish all that is followed, admitted and paid for (N7), in force from a day that is not over.

    It takes the place of every version that would begin later: so one is taken back before its day.
    """
    return await run.create(idempotency_key, body, publishing.publish)


@router.get(
    "/lists/{district}/{number}",
    response_model=ListOut,
    summary="Read a version",
    responses=problems(*READING),
)
async def read_version(
    request: Request, district: DistrictCode, number: Number, run: Run = open_to_all(PUBLIC)
) -> Response:
    """Show a version of a district's lists; it never changes."""
    found = await run.read(service.version, district, number)
    return answer(request, found, max_age=FOR_A_DAY)


@router.get(
    "/lists/{district}/{number}/paper",
    summary="Print a version",
    response_class=Response,
    responses={**PRINTED, **problems(*READING)},
)
async def print_version(district: DistrictCode, number: Number, run: Run = open_to_all(PUBLIC)) -> Response:
    """Print a version to be put up where everybody sees it; it is the same paper each time."""
    sheet, at = await run.read(printing.sheet, district, number)
    return await paper_answer(sheet, at, printing.TEMPLATE, cache=f"public, max-age={FOR_A_DAY}")


@router.get(
    "/lists/{district}/{number}/entries",
    summary="List what a version holds",
    responses=problems(*READING, BadCursor),
)
async def list_entries(
    district: DistrictCode,
    number: Number,
    wanted: Annotated[Wanted, from_query(Wanted)],
    matter_class: Annotated[MatterClass | None, Query()] = None,
    run: Run = open_to_all(PUBLIC),
) -> Page[ListedMatter]:
    """List the matters of a version by code."""
    return await run.read(service.entries, wanted, district, number, matter_class)


@router.get(
    "/lists/{district}/{number}/entries/{code}",
    response_model=ListedMatter,
    summary="Read a listed matter",
    responses=problems(*READING),
)
async def read_entry(
    request: Request, district: DistrictCode, number: Number, code: Code, run: Run = open_to_all(PUBLIC)
) -> Response:
    """Show a matter as a version has it: its public card."""
    found = await run.read(service.entry, district, number, code)
    return answer(request, found, max_age=FOR_A_DAY)


@router.get(
    "/lists/{district}/{number}/changes",
    summary="Compare two versions",
    responses=problems(*READING, BadCursor),
)
async def list_changes(
    district: DistrictCode,
    number: Number,
    wanted: Annotated[Wanted, from_query(Wanted)],
    since: Annotated[int, Query(ge=1, le=1_000_000, description="Number of the other version")],
    run: Run = open_to_all(PUBLIC),
) -> Page[MatterChange]:
    """List what a version has that another had not, has no more, or has otherwise, by code."""
    return await run.read(service.changes, wanted, district, number, since)
