"""Routes of organisations, teams and stations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from onewindow_shared.contracts.access import Permission
from onewindow_shared.contracts.common import CommunityCode, Contract, Page
from onewindow_shared.contracts.organisations import (
    ClosureIn,
    Have,
    HaveIn,
    LeaderIn,
    MemberOut,
    OrganisationIn,
    OrganisationKind,
    OrganisationNotice,
    OrganisationOut,
    OrganisationRow,
    PaperIn,
    PaperOut,
)
from onewindow_shared.plumbing.conditional import IfMatch, answer
from onewindow_shared.plumbing.idempotency import IdempotencyKey
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import (
    CREATING,
    LISTING,
    MOVING,
    READING,
    BadCursor,
    Invalid,
    MoveRefused,
    NotFound,
    problems,
)
from onewindow_shared.plumbing.query import from_query
from onewindow_shared.plumbing.runtime import Run, gated, open_to_all
from onewindow_volunteers.organisations import service
from onewindow_volunteers.organisations.problems import MemberAlready, OrganisationExists, PaperThere

router = APIRouter(prefix="/api/volunteers/v1", tags=["organisations"])
PUBLIC = open_to_all("whoever wants to serve looks for where (志愿服务条例 art. 12)")
Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.post(
    "/organisations",
    status_code=201,
    response_model=OrganisationOut,
    summary="Register an organisation, team or station",
    responses=problems(*CREATING, OrganisationExists),
)
async def register_organisation(
    body: OrganisationIn, idempotency_key: IdempotencyKey, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> Response:
    """Register an organisation, a team inside the community, or a station of one's area."""
    return await run.create(idempotency_key, body, service.register)


@router.get("/organisations", summary="List organisations", responses=problems(Invalid, BadCursor))
async def list_organisations(
    wanted: Annotated[Wanted, from_query(Wanted)],
    community: Annotated[CommunityCode | None, Query(description="Only this community's")] = None,
    kind: Annotated[OrganisationKind | None, Query(description="Only these")] = None,
    run: Run = PUBLIC,
) -> Page[OrganisationRow]:
    """List organisations, teams and stations in the order they were registered."""
    return await run.read(service.several, wanted, community, kind)


@router.get(
    "/organisations/{organisation_id}",
    response_model=OrganisationOut,
    summary="Read an organisation",
    responses=problems(NotFound, Invalid),
)
async def read_organisation(request: Request, organisation_id: Id, run: Run = PUBLIC) -> Response:
    """Show an organisation, team or station; of a station, what was found of its six haves."""
    return answer(request, found := await run.read(service.one, organisation_id), etag=str(found.version))


@router.post("/organisations/{organisation_id}/leader", summary="Say who leads", responses=problems(*MOVING))
async def lead_organisation(
    organisation_id: Id, body: LeaderIn, seen: IfMatch, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> OrganisationOut:
    """Have a member lead."""
    return await run.change(service.lead, organisation_id, seen, body)


@router.post(
    "/organisations/{organisation_id}/closure", summary="End an organisation", responses=problems(*MOVING)
)
async def close_organisation(
    organisation_id: Id, body: ClosureIn, seen: IfMatch, run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> OrganisationOut:
    """End an organisation, team or station; what it did stays recorded."""
    return await run.change(service.close, organisation_id, seen, body)


@router.put(
    "/organisations/{organisation_id}/haves/{have}",
    summary="Check one of a station's six haves",
    responses=problems(*MOVING),
)
async def check_have(
    organisation_id: Id,
    have: Have,
    body: HaveIn,
    seen: IfMatch,
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> OrganisationOut:
    """Take down what a check of a station found, and on which day."""
    return await run.change(service.check, organisation_id, have, seen, body)


@router.post(
    "/organisations/{organisation_id}/members",
    status_code=201,
    response_model=MemberOut,
    summary="Join",
    responses=problems(*CREATING, NotFound, MoveRefused, MemberAlready),
)
async def join_organisation(
    organisation_id: Id, idempotency_key: IdempotencyKey, run: Run = gated(Permission.SHIFT_JOIN)
) -> Response:
    """Belong to an organisation, team or station, of one's own will."""
    return await run.create(idempotency_key, Contract(), service.join, organisation_id)


@router.post("/organisations/{organisation_id}/departure", summary="Leave", responses=problems(*READING))
async def leave_organisation(organisation_id: Id, run: Run = gated(Permission.SHIFT_JOIN)) -> MemberOut:
    """Belong to it no longer."""
    return await run.write(service.leave, organisation_id)


@router.get("/memberships", summary="One's own memberships", responses=problems(*LISTING))
async def list_own_memberships(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.SHIFT_JOIN)
) -> Page[MemberOut]:
    """List where one belongs, or once belonged."""
    return await run.read(service.mine, wanted)


@router.get("/organisations/{organisation_id}/members", summary="Who belongs", responses=problems(*LISTING))
async def list_members(
    organisation_id: Id,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> Page[MemberOut]:
    """List who belongs, or once belonged, to an organisation of one's area, by volunteer number."""
    return await run.read(service.members, organisation_id, wanted)


@router.post(
    "/organisations/{organisation_id}/papers",
    status_code=201,
    response_model=PaperOut,
    summary="Add a qualification or a policy",
    responses=problems(*CREATING, NotFound, PaperThere),
)
async def add_paper(
    organisation_id: Id,
    body: PaperIn,
    idempotency_key: IdempotencyKey,
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> Response:
    """Take down a qualification or a policy with its period; its renewal and its end are told once each."""
    return await run.create(idempotency_key, body, service.add_paper, organisation_id)


@router.get(
    "/organisations/{organisation_id}/papers",
    summary="Qualifications and policies",
    responses=problems(*LISTING),
)
async def list_papers(
    organisation_id: Id,
    wanted: Annotated[Wanted, from_query(Wanted)],
    run: Run = gated(Permission.ACTIVITY_MANAGE),
) -> Page[PaperOut]:
    """List the papers of an organisation of one's area as they stand today, newest first."""
    return await run.read(service.papers, organisation_id, wanted)


@router.get("/organisation-notices", summary="What has to be renewed", responses=problems(*LISTING))
async def list_notices(
    wanted: Annotated[Wanted, from_query(Wanted)], run: Run = gated(Permission.ACTIVITY_MANAGE)
) -> Page[OrganisationNotice]:
    """List which papers of one's area came into the window of their renewal, or ran out; newest first."""
    return await run.read(service.notices, wanted)
