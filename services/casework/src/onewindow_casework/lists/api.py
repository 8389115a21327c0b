"""Routes of the published lists; anybody may read them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from onewindow_casework.lists import service
from onewindow_shared.contracts.admission import ListedMatter
from onewindow_shared.contracts.common import CommunityCode, Page
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import BadCursor, Invalid, NotPermitted, Unauthorized, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(prefix="/api/casework/v1/admission", tags=["lists"])
ANYONE = (Unauthorized, NotPermitted, Invalid)


@router.get("/listed", summary="What may be asked of a community", responses=problems(*ANYONE, BadCursor))
async def list_listed(
    wanted: Annotated[Wanted, from_query(Wanted)],
    community: Annotated[CommunityCode, Query()],
    day: Annotated[date | None, Query(description="Today unless given")] = None,
    run: Run = open_to_all("the lists are public by law (北京市街道办事处条例 art. 32)"),
) -> Page[ListedMatter]:
    """List what stands on the district's lists for a community on a day, by code."""
    return await run.read(service.listed_page, wanted, community, day)
