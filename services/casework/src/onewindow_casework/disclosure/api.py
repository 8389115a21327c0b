"""Routes of what communities publish."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from onewindow_casework.disclosure import service
from onewindow_casework.disclosure.service import AlreadyPublished
from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import CommunityCode
from onewindow_shared.contracts.disclosure import DisclosurePage, Period, PublicationOut, Section
from onewindow_shared.plumbing.conditional import IfMatch, answer, tagged
from onewindow_shared.plumbing.problems import (
    Invalid,
    NotFound,
    NotPermitted,
    Unauthorized,
    VersionRequired,
    VersionStale,
    problems,
)
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_shared.plumbing.unit import system_actor

router = APIRouter(prefix="/api/casework/v1/disclosure", tags=["disclosure"])
MINUTE = 60
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
    """Show a community's list of the day, money, certificates, burden, results and publications."""
    reader = system_actor(run.runtime.name, run.actor.request_id)
    return answer(request, await run.runtime.read(reader, service.page, code), max_age=MINUTE)


@router.post(
    "/communities/{code}/publications/{period}/{section}",
    summary="Publish a section",
    responses=problems(
        Unauthorized, NotPermitted, NotFound, Invalid, VersionStale, VersionRequired, AlreadyPublished
    ),
)
async def publish_section(
    code: Code,
    period: Period,
    section: Section,
    seen: IfMatch,
    response: Response,
    run: Run = gated(Permission.DISCLOSURE_PUBLISH),
) -> PublicationOut:
    """Publish a section of a quarter that is over, as it is now."""
    found = await run.write(service.publish, code, period, section, seen)
    tagged(response, found)
    return found
