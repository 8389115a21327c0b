"""Registering organisations, teams and stations; joining, leading, checking, and what runs out."""

from datetime import datetime
from functools import partial

from sqlalchemy import select

from onewindow_shared.contracts.common import Contract, Page
from onewindow_shared.contracts.organisations import (
    ClosureIn,
    Have,
    HaveIn,
    LeaderIn,
    MemberOut,
    OrganisationIn,
    OrganisationKind,
    OrganisationNotice,
    OrganisationNoticeKind,
    OrganisationOut,
    OrganisationRow,
    PaperIn,
    PaperOut,
    PaperStanding,
)
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted, page
from onewindow_shared.plumbing.problems import MoveRefused, NotFound, invalid
from onewindow_shared.plumbing.reference import known_community
from onewindow_shared.plumbing.scope import place, published
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import midnight
from onewindow_volunteers.organisations import queries, rules
from onewindow_volunteers.organisations.models import (
    Member,
    Organisation,
    OrganisationPaper,
    PaperNotice,
    StationHave,
)
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.people.queries import held, latest_held
from onewindow_volunteers.settings import settings_of

ENTITY = "organisation"
PAPER_TURNS = f"{ENTITY}.paper_turns"


def register(unit: Unit, form: OrganisationIn) -> OrganisationOut:
    """Register an organisation, team or station of one's area."""
    known_community(unit, form.community)
    if not unit.actor.scope.covers(form.community):
        raise invalid({"community": "this community lies outside your area"})
    said = {"kind": form.kind, "name": form.name, "contact": form.contact}
    one = Organisation(**place(form.community), **said, opened_at=unit.now)
    unit.session.add(one)
    unit.session.flush()
    _audit(unit, one, "registered")
    return queries.whole(one)


def several(
    unit: Unit, wanted: Wanted, community: str | None, kind: OrganisationKind | None
) -> Page[OrganisationRow]:
    """List organisations, teams and stations."""
    query = published(select(Organisation))
    if community is not None:
        query = query.where(within(Organisation, unit.gathered(community)))
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    bound = f"organisations {community} {kind}"
    return page(unit, query, queries.IN_ORDER, wanted, bound=bound, show=queries.row)


def one(unit: Unit, organisation_id: int) -> OrganisationOut:
    """Show an organisation, team or station."""
    return queries.whole(queries.listed(unit.session, organisation_id))


def lead(unit: Unit, organisation_id: int, seen: int, form: LeaderIn) -> OrganisationOut:
    """Say who leads: a registered volunteer of one's area who belongs to it."""
    person = held(unit.session, form.volunteer_no)
    found = _to_change(unit, organisation_id, seen)
    try:
        queries.membership(unit.session, found.id, person.id)
    except NotFound:
        raise invalid({"volunteer_no": "whoever leads belongs to it"}) from None
    found.leader = person.volunteer_no
    _audit(unit, found, "led")
    return queries.whole(found)


def close(unit: Unit, organisation_id: int, seen: int, why: ClosureIn) -> OrganisationOut:
    """End an organisation, team or station; what it did stays recorded."""
    found = _to_change(unit, organisation_id, seen)
    found.closed_at = unit.now
    _audit(unit, found, "closed", why.reason)
    return queries.whole(found)


def check(unit: Unit, organisation_id: int, have: Have, seen: int, form: HaveIn) -> OrganisationOut:
    """Take down what a check of a station found of one of its six haves."""
    found = _to_change(unit, organisation_id, seen)
    if found.kind != OrganisationKind.STATION:
        raise MoveRefused(state=found.kind, action="check")
    if form.checked_on > unit.today:
        raise invalid({"checked_on": "this lies ahead"})
    known = next((row for row in found.haves if row.have == have), None)
    if known is None:
        known = StationHave(have=have)
        found.haves.append(known)
    known.met, known.checked_on = form.met, form.checked_on
    unit.session.flush()
    _audit(unit, found, "checked")
    return queries.whole(found)


def join(unit: Unit, organisation_id: int, form: Contract) -> MemberOut:
    """Belong to an organisation, team or station (重庆市志愿服务条例 art. 11: of one's own will)."""
    del form
    person = latest_held(unit.session, unit.actor.subject)
    found = queries.listed(unit.session, organisation_id)
    if found.closed_at is not None or person.status != VolunteerStatus.REGISTERED:
        raise MoveRefused(state="closed" if found.closed_at else person.status, action="join")
    member = Member(
        **place(found.community),
        organisation_id=found.id,
        volunteer_id=person.id,
        volunteer_no=person.volunteer_no,
        subject=person.subject,
        since=unit.now,
    )
    unit.session.add(member)
    unit.session.flush()
    _audit(unit, found, "joined")
    return queries.member_of(member)


def leave(unit: Unit, organisation_id: int) -> MemberOut:
    """Belong to it no longer."""
    person = latest_held(unit.session, unit.actor.subject)
    queries.hold(unit.session, organisation_id)
    member = queries.membership(unit.session, organisation_id, person.id)
    member.left_at = unit.now
    _unled(unit, person.volunteer_no, organisation_id)
    return queries.member_of(member)


def lead_no_more(unit: Unit, person: Volunteer) -> None:
    """Leave what somebody led without a leader, once they have left."""
    if person.status == VolunteerStatus.LEFT:
        _unled(unit, person.volunteer_no)


def _unled(unit: Unit, volunteer_no: str, organisation_id: int | None = None) -> None:
    for found in queries.led_by(unit.session, volunteer_no, organisation_id):
        found.leader = None
        found.version += 1
        leaderless = OrganisationNoticeKind.LEADERLESS
        told = PaperNotice(**place(found.community), organisation_id=found.id, kind=leaderless, at=unit.now)
        unit.session.add(told)
        _audit(unit, found, "lost_leader")


def mine(unit: Unit, wanted: Wanted) -> Page[MemberOut]:
    """List one's own memberships."""
    return page(unit, select(Member), queries.MEMBERS, wanted, bound="members", show=queries.member_of)


def members(unit: Unit, organisation_id: int, wanted: Wanted) -> Page[MemberOut]:
    """List who belongs, or once belonged, to an organisation of one's area."""
    query = select(Member).where(Member.organisation_id == organisation_id)
    bound = f"members of {organisation_id}"
    return page(unit, query, queries.MEMBERS, wanted, bound=bound, show=queries.member_of)


def add_paper(unit: Unit, organisation_id: int, form: PaperIn) -> PaperOut:
    """Take down a qualification or a policy; when it has to be renewed and when it runs out is told once."""
    found = queries.organisation_to_change(unit.session, organisation_id)
    paper = OrganisationPaper(**place(found.community), organisation_id=found.id, **form.model_dump())
    unit.session.add(paper)
    unit.session.flush()
    _audit(unit, found, f"{form.kind}_added")
    _tell_if(unit, paper, PaperStanding.RENEWABLE)
    _await_turn(unit, paper)
    return queries.paper_of(unit, paper)


def papers(unit: Unit, organisation_id: int, wanted: Wanted) -> Page[PaperOut]:
    """List the papers of an organisation of one's area, newest first."""
    query = select(OrganisationPaper).where(OrganisationPaper.organisation_id == organisation_id)
    show, bound = partial(queries.paper_of, unit), f"papers of {organisation_id}"
    return page(unit, query, queries.PAPERS, wanted, bound=bound, show=show)


def notices(unit: Unit, wanted: Wanted) -> Page[OrganisationNotice]:
    """List what was told of the papers in one's area, newest first."""
    query = select(PaperNotice)
    return page(unit, query, queries.NOTICES, wanted, bound="paper notices", show=queries.notice_of)


def paper_turns(unit: Unit, entity_id: str, due_at: datetime) -> None:
    """Tell that a paper has to be renewed, or has run out, unless a later one is there (timer)."""
    del due_at
    paper = unit.session.get_one(OrganisationPaper, int(entity_id))
    _tell_if(unit, paper, PaperStanding.RENEWABLE, PaperStanding.EXPIRED)
    _await_turn(unit, paper)


def _tell_if(unit: Unit, paper: OrganisationPaper, *stands: PaperStanding) -> None:
    """Tell where a paper stands, if it stands so and no later one is there."""
    now = rules.standing(queries.period(paper), unit.today, settings_of(unit).renewal_window)
    others = queries.papers_of(unit.session, paper.organisation_id)
    renewed = any(other.kind == paper.kind and other.valid_until > paper.valid_until for other in others)
    if not renewed and now in stands:
        notice = PaperNotice(
            **place(paper.community),
            organisation_id=paper.organisation_id,
            paper_id=paper.id,
            kind=now,
            at=unit.now,
        )
        unit.session.add(notice)


def _await_turn(unit: Unit, paper: OrganisationPaper) -> None:
    """Have the next turn of a paper noticed: the window of its renewal, then its end."""
    turns = rules.turns(queries.period(paper), settings_of(unit).renewal_window)
    ahead = [at for at in (midnight(day, unit.zone) for day in turns) if at > unit.now]
    if ahead:
        unit.set_timer(PAPER_TURNS, str(paper.id), min(ahead))


def _to_change(unit: Unit, organisation_id: int, seen: int) -> Organisation:
    found = queries.organisation_to_change(unit.session, organisation_id)
    expect_version(queries.whole(found), seen)
    if found.closed_at is not None:
        raise MoveRefused(state="closed", action="change")
    found.version += 1
    return found


def _audit(unit: Unit, one: Organisation, action: str, reason: str | None = None) -> None:
    detail = {"kind": one.kind}
    unit.audit(f"{ENTITY}.{action}", ENTITY, str(one.id), area=one.community, reason=reason, detail=detail)
