"""Routes of service items, open to all: guides have to be published (行政许可法 art. 30)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from onewindow_intake.catalogue import tree
from onewindow_intake.catalogue.offers import AtCommunity, Search, one_page
from onewindow_intake.deps import SnapshotDep
from onewindow_intake.reference import Snapshot
from onewindow_shared.contracts.access import Permission, permits
from onewindow_shared.contracts.catalogue import ItemGuideOut, ItemSummary
from onewindow_shared.contracts.cataloguing import CategoryTree
from onewindow_shared.contracts.common import Code, Page
from onewindow_shared.plumbing.conditional import UNCHANGED, answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import BadCursor, Invalid, NotFound, invalid, problems
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, open_to_all

router = APIRouter(prefix="/api/intake/v1", tags=["catalogue"])
PUBLISHED = open_to_all("the law asks that guides are published (行政许可法 art. 30)")


@router.get(
    "/items",
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
    """List the items in force by code, or best first where `q` is given.

    `q` finds 最低生活保障 by 生活保障, by 低保, by zdsh, zuidi or
    最低sh, by subsistence, and by a sentence such as 我妈想领低保.
    """
    _expect_known(snapshot, search.community)
    return answer(request, one_page(snapshot.offers, search, wanted, run.runtime.cursors))


@router.get(
    "/items/{code}",
    summary="Read a service guide",
    response_model=ItemGuideOut,
    responses={**UNCHANGED, **problems(NotFound, Invalid)},
)
async def read_item(
    request: Request,
    code: Code,
    snapshot: SnapshotDep,
    community: Annotated[AtCommunity | None, Query()] = None,
    run: Run = PUBLISHED,
) -> Response:
    """Show conditions, materials, steps, limits, fee and legal basis of an item in force.

    With `community`: on the terms of its district, and only what is offered there.
    """
    _expect_known(snapshot, community)
    offer = snapshot.offers.at(code, community)
    if offer is None or (community is not None and not snapshot.offers.offered_in(offer, community)):
        raise NotFound(detail="No such item is offered.")
    return answer(request, offer.guide)


def _expect_known(snapshot: Snapshot, community: str | None) -> None:
    if community is not None and community not in snapshot.communities:
        raise invalid({"community": snapshot.fault_of(community)}, where="query")


@router.get(
    "/categories",
    summary="Read the category tree",
    response_model=CategoryTree,
    responses=UNCHANGED,
)
async def read_categories(request: Request, snapshot: SnapshotDep, run: Run = PUBLISHED) -> Response:
    """Show the ten categories and everything below them, each behind its parent.

    Whoever keeps the tree reads it as it is at this moment, everybody else as it was at most a second ago.
    """
    if permits(run.actor.roles, Permission.CATALOGUE_MANAGE):
        return answer(request, await run.read(tree.present))
    return answer(request, CategoryTree(categories=list(snapshot.offers.categories)))
