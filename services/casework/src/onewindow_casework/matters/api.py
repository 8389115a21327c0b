"""Routes of standing matters."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from onewindow_casework.matters import queries, service
from onewindow_casework.matters.service import CodeTaken, NotOwnMatter
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.admission import (
    DistrictCode,
    MatterClass,
    MatterIn,
    MatterItemsIn,
    MatterLiftIn,
    MatterOut,
    MatterWordingIn,
)
from onewindow_shared.contracts.common import Code, Page
from onewindow_shared.plumbing.conditional import IfMatch
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    CREATING,
    LISTING,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all

router = APIRouter(prefix="/api/casework/v1/admission", tags=["lists"])


@router.get("/matters", summary="List standing matters", responses=problems(*LISTING))
async def list_matters(
    wanted: Annotated[Wanted, from_query(Wanted)],
    district: Annotated[DistrictCode, Query()],
    matter_class: Annotated[MatterClass | None, Query()] = None,
    run: Run = open_to_all("what law and policy say of communities is public"),
) -> Page[MatterOut]:
    """List what law and policy put on a district's lists, and what it has set aside by a basis of its own."""
    return await run.read(queries.several, wanted, district, matter_class)


@router.post(
    "/matters",
    status_code=201,
    response_model=MatterOut,
    summary="Add a standing matter",
    responses=problems(*CREATING, CodeTaken),
)
async def add_matter(
    body: MatterIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.ADMISSION_PUBLISH)
) -> Response:
    """Forbid, allow or keep certificates from communities by a basis of the district's own."""
    return await run.create(idempotency_key, body, service.add)


@router.put(
    "/matters/{district}/{code}",
    summary="Set a standing matter aside, or follow it again",
    responses=problems(*CHANGING),
)
async def lift_matter(
    district: DistrictCode,
    code: Code,
    body: MatterLiftIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_PUBLISH),
) -> MatterOut:
    """Do not follow a matter in this district, by a basis of its own; the next lists show it."""
    return await run.change(service.lift, district, code, seen, body)


@router.put(
    "/matters/{district}/{code}/wording",
    summary="Word a matter of one's own anew",
    responses=problems(*CHANGING, NotOwnMatter),
)
async def reword_matter(
    district: DistrictCode,
    code: Code,
    body: MatterWordingIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_PUBLISH),
) -> MatterOut:
    """Change what a matter of the district's own says; published lists stay, the next ones show it."""
    return await run.change(service.reword, district, code, seen, body)


@router.put(
    "/matters/{district}/{code}/items",
    summary="Say which service items a standing matter is",
    responses=problems(*CHANGING),
)
async def tie_matter(
    district: DistrictCode,
    code: Code,
    body: MatterItemsIn,
    seen: IfMatch,
    run: Run = gated(Permission.ADMISSION_PUBLISH),
) -> MatterOut:
    """Tie service items to a matter, so that from the next lists on windows take them in as that matter."""
    return await run.change(service.tie, district, code, seen, body)
