"""Routes of what communities publish."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_casework.disclosure import facts, service
from onewindow_casework.disclosure.facts import AlreadyPublished
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import CommunityCode, Page
from onewindow_shared.contracts.disclosure import (
    DisclosurePage,
    FactOut,
    Period,
    PublicationOut,
    PublicMatter,
    Section,
)
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CHANGING,
    BadCursor,
    Invalid,
    NotFound,
    Unauthorized,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_shared.plumbing.unit import system_actor

router = APIRouter(prefix="/api/casework/v1/disclosure", tags=["disclosure"])
MINUTE = 60
Number = Annotated[int, Path(ge=1, le=2**62, description="Of the fact")]
Code = Annotated[CommunityCode, Path(description="Code of the community")]


@router.get(
    "/communities/{code}",
    response_model=DisclosurePage,
    summary="The public page of a community",
    responses=problems(Unauthorized, NotFound, Invalid),
)
async def read_disclosure(
    request: Request,
    code: Code,
    run: Run = open_to_all("residents' affairs are published (居务公开); nothing in it is personal"),
) -> Response:
    """Show a community's list of the day, money, certificates, burden, results, refusals and publications."""
    reader = system_actor(run.runtime.name, run.actor.request_id)
    return answer(request, await run.runtime.read(reader, service.page, code), max_age=MINUTE)


@router.get(
    "/communities/{code}/matters",
    summary="A community's list of the day",
    responses=problems(Unauthorized, NotFound, Invalid, BadCursor),
)
async def list_disclosed_matters(
    code: Code,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = open_to_all("what may be asked of a community is everybody's to see"),
) -> Page[PublicMatter]:
    """List what may be asked of a community today, by code: the page's list from its `next` on."""
    reader = system_actor(run.runtime.name, run.actor.request_id)
    return await run.runtime.read(reader, service.matters, wanted, code)


@router.post(
    "/communities/{code}/publications/{period}/{section}",
    summary="Publish a section",
    responses=problems(*CHANGING, AlreadyPublished),
)
async def publish_section(
    code: Code,
    period: Period,
    section: Section,
    seen: IfMatch,
    run: Run = gated(Permission.DISCLOSURE_PUBLISH),
) -> PublicationOut:
    """Publish a section of a quarter that is over, as it is now."""
    return await run.change(service.publish, code, period, section, seen)


@router.get(
    "/communities/{code}/facts",
    summary="What a community publishes by itself",
    responses=problems(Unauthorized, NotFound, Invalid, BadCursor),
)
async def list_disclosed_facts(
    code: Code,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = open_to_all("what is due and what was published is everybody's to see"),
) -> Page[FactOut]:
    """List changes of the lists, settled refusals and movements of money, each with its last day."""
    reader = system_actor(run.runtime.name, run.actor.request_id)
    return await run.runtime.read(reader, facts.several, wanted, code)


@router.post(
    "/communities/{code}/facts/{no}/publication",
    summary="Publish a fact",
    responses=problems(*CHANGING, AlreadyPublished),
)
async def publish_fact(
    code: Code,
    no: Number,
    seen: IfMatch,
    run: Run = gated(Permission.DISCLOSURE_PUBLISH),
) -> FactOut:
    """Publish a single fact as it was when it arose."""
    return await run.change(facts.publish, code, no, seen)
