"""Routes of service items, open to all: guides have to be published (行政许可法 art. 30)."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from onewindow_intake.catalogue import service
from onewindow_intake.catalogue.service import Search
from onewindow_intake.deps import SnapshotDep
from onewindow_shared.contracts.catalogue import ItemGuide, ItemSummary
from onewindow_shared.contracts.common import Code, Page
from onewindow_shared.plumbing.conditional import answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import BadCursor, Invalid, NotFound, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(prefix="/api/intake/v1/items", tags=["catalogue"])
PUBLISHED = open_to_all("the law asks that guides are published (行政许可法 art. 30)")
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Unchanged"}}


@router.get(
    "",
    summary="Find service items",
    response_model=Page[ItemSummary],
    responses={**UNCHANGED, **problems(Invalid, BadCursor)},
)
async def list_items(
    request: Request,
    wanted: Annotated[Wanted, from_query(Wanted)],
    snapshot: SnapshotDep,
    search: Annotated[Search, from_query(Search)],
    run: Run = PUBLISHED,
) -> Response:
    """List the items in force by code; `q` finds 最低生活保障 by 生活保障, by zdsh, or by 最低sh."""
    offers = list(snapshot.offers.values())
    return answer(request, service.one_page(offers, search, wanted, run.runtime.cursors))


@router.get(
    "/{code}",
    summary="Read a service guide",
    response_model=ItemGuide,
    responses={**UNCHANGED, **problems(NotFound, Invalid)},
)
async def read_item(request: Request, code: Code, snapshot: SnapshotDep, run: Run = PUBLISHED) -> Response:
    """Show conditions, materials, steps, limits, fee and legal basis of an item in force."""
    offer = snapshot.offers.get(code)
    if offer is None:
        raise NotFound(detail="No such item is offered.")
    return answer(request, offer.guide)
