"""Routes by which staff keep the catalogue."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from onewindow_intake.catalogue import service, terms, tree
from onewindow_intake.catalogue.problems import (
    AlreadyOver,
    CategoryExists,
    CategoryInUse,
    NotADraft,
    OutsideDistrict,
    Overtaken,
)
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.catalogue import ItemContent
from onewindow_shared.contracts.cataloguing import (
    CategoryIn,
    CategoryOut,
    CategoryPlace,
    ItemOverrideIn,
    ItemOverrideOut,
    ItemVersionOut,
    ItemVersionSummary,
    PublicationIn,
    RetirementIn,
)
from onewindow_shared.contracts.common import Code, Page
from onewindow_shared.plumbing.conditional import IfMatch, tagged
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    CREATING,
    READING,
    BadCursor,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated

router = APIRouter(prefix="/api/intake/v1", tags=["keeping the catalogue"])
KEEPER = gated(Permission.CATALOGUE_MANAGE)
DRAFTING = (*CREATING, NotFound, Overtaken)
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The version's number")]


@router.post(
    "/items/{code}/versions",
    status_code=201,
    summary="Draft a version",
    response_model=ItemVersionOut,
    responses=problems(*DRAFTING),
)
async def create_version(code: Code, body: ItemContent, key: IdempotencyKey, run: Run = KEEPER) -> Response:
    """Draft a new version of an item, or the first one of a new item; nobody outside sees it yet."""
    return await run.create(key, body, service.create, code)


@router.get("/items/{code}/versions", summary="List versions", responses=problems(*READING, BadCursor))
async def list_versions(
    code: Code, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = KEEPER
) -> Page[ItemVersionSummary]:
    """List an item's versions, newest first, with the days on which they are in force."""
    return await run.read(service.versions, code, wanted)


@router.get("/items/{code}/versions/{number}", summary="Read a version", responses=problems(*READING))
async def read_version(code: Code, number: Number, response: Response, run: Run = KEEPER) -> ItemVersionOut:
    """Show a version with its whole guide."""
    version = await run.read(service.read, code, number)
    tagged(response, version)
    return version


@router.put(
    "/items/{code}/versions/{number}",
    summary="Change a draft",
    responses=problems(*CHANGING, NotADraft),
)
async def change_version(
    code: Code, number: Number, body: ItemContent, seen: IfMatch, run: Run = KEEPER
) -> ItemVersionOut:
    """Replace what a draft says."""
    return await run.change(service.change, code, number, seen, body)


@router.post(
    "/items/{code}/versions/{number}/publication",
    summary="Publish a draft",
    responses=problems(*CHANGING, NotADraft, Overtaken),
)
async def publish_version(
    code: Code, number: Number, body: PublicationIn, seen: IfMatch, run: Run = KEEPER
) -> ItemVersionOut:
    """Put a draft in force from a day on; cases posted before keep the version they have."""
    return await run.change(service.publish, code, number, seen, body)


@router.post(
    "/items/{code}/versions/{number}/retirement",
    summary="Retire a version",
    responses=problems(*CHANGING, AlreadyOver),
)
async def retire_version(
    code: Code, number: Number, body: RetirementIn, seen: IfMatch, run: Run = KEEPER
) -> ItemVersionOut:
    """End a version on a day, call off one that has not begun, or throw a draft away."""
    return await run.change(service.retire, code, number, seen, body)


@router.post(
    "/items/{code}/overrides",
    status_code=201,
    summary="Set a district's terms",
    response_model=ItemOverrideOut,
    responses=problems(*DRAFTING, OutsideDistrict),
)
async def create_override(
    code: Code, body: ItemOverrideIn, key: IdempotencyKey, run: Run = KEEPER
) -> Response:
    """Give an item one's own district's terms from a day on; cases posted before keep theirs."""
    return await run.create(key, body, terms.add, code)


@router.get("/items/{code}/overrides", summary="List terms", responses=problems(*READING, BadCursor))
async def list_overrides(
    code: Code, wanted: Annotated[Wanted, from_query(Wanted)], run: Run = KEEPER
) -> Page[ItemOverrideOut]:
    """List what districts do differently with an item, by district and number."""
    return await run.read(terms.of_item, code, wanted)


@router.post(
    "/categories",
    status_code=201,
    summary="Add a category",
    response_model=CategoryOut,
    responses=problems(*DRAFTING, CategoryExists),
)
async def create_category(body: CategoryIn, key: IdempotencyKey, run: Run = KEEPER) -> Response:
    """Hang a new category below one of the ten, or below another one."""
    return await run.create(key, body, tree.add)


@router.put("/categories/{code}", summary="Change a category", responses=problems(*CHANGING))
async def change_category(code: Code, body: CategoryPlace, seen: IfMatch, run: Run = KEEPER) -> CategoryOut:
    """Rename a category, or hang it elsewhere below its root."""
    return await run.change(tree.change, code, seen, body)


@router.delete(
    "/categories/{code}",
    status_code=204,
    summary="Remove a category",
    responses=problems(*CHANGING, CategoryInUse),
)
async def remove_category(code: Code, seen: IfMatch, run: Run = KEEPER) -> None:
    """Take a category out of the tree; nothing may hang below it."""
    await run.write(tree.remove, code, seen)
