"""Finding organisations, their members and papers, and showing them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.organisations import (
    Have,
    HaveOut,
    MemberOut,
    OrganisationKind,
    OrganisationNotice,
    OrganisationNoticeKind,
    OrganisationOut,
    OrganisationRow,
    PaperKind,
    PaperOut,
)
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.problems import NotFound
from onewindow_shared.plumbing.scope import DISTRICT, published
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.organisations.models import Member, Organisation, OrganisationPaper, PaperNotice
from onewindow_volunteers.organisations.rules import Period, lacking, standing
from onewindow_volunteers.settings import settings_of

IN_ORDER = Keyset([Organisation.id])
MEMBERS = Keyset([Member.id])
PAPERS = Keyset([OrganisationPaper.id], newest_first=True)
NOTICES = Keyset([PaperNotice.id], newest_first=True)


def listed(session: Session, organisation_id: int) -> Organisation:
    """Return an organisation, whoever asks."""
    return _there(session.scalar(published(select(Organisation).where(Organisation.id == organisation_id))))


def organisation_to_change(session: Session, organisation_id: int) -> Organisation:
    """Return an organisation of one's area that nobody else changes meanwhile."""
    query = select(Organisation).where(Organisation.id == organisation_id)
    return _there(session.scalar(query.with_for_update()))


def hold(session: Session, organisation_id: int) -> None:
    """Let nobody change an organisation until this transaction ends, whoever asks."""
    query = published(select(Organisation.id).where(Organisation.id == organisation_id))
    session.execute(query.with_for_update())


def led_by(session: Session, volunteer_no: str, organisation_id: int | None = None) -> Sequence[Organisation]:
    """Return what somebody leads, or one of them, held until this transaction ends."""
    query = published(select(Organisation).where(Organisation.leader == volunteer_no))
    if organisation_id is not None:
        query = query.where(Organisation.id == organisation_id)
    return session.scalars(query.order_by(Organisation.id).with_for_update()).all()


def _there(found: Organisation | None) -> Organisation:
    if found is None:
        raise NotFound
    return found


def membership(session: Session, organisation_id: int, volunteer_id: int) -> Member:
    """Return somebody's membership that lasts."""
    theirs = (Member.organisation_id == organisation_id, Member.volunteer_id == volunteer_id)
    query = select(Member).where(*theirs, Member.left_at.is_(None)).with_for_update()
    return must_find(session, query, "Not a member.")


def papers_of(session: Session, organisation_id: int) -> Sequence[OrganisationPaper]:
    """Return the papers of an organisation."""
    return session.scalars(
        select(OrganisationPaper)
        .where(OrganisationPaper.organisation_id == organisation_id)
        .order_by(OrganisationPaper.id)
    ).all()


def period(paper: OrganisationPaper) -> Period:
    """Return the period of a paper."""
    return Period(paper.valid_from, paper.valid_until)


def organiser_faults(
    unit: Unit, community: str, organisation_id: int | None, name: str | None
) -> dict[str, str]:
    """Name what is wrong with who is said to organise something in a community.

    What is registered is named by its number and called as it is registered, so that its papers are asked
    for; until this transaction ends it does not end.
    """
    if organisation_id is None:
        if name is None:
            return {"organisation": "say who organises it"}
        registered = _is_registered(unit.session, community, name)
        return {"organisation_id": "this is the name of a registered one: say which"} if registered else {}
    query = select(Organisation).where(Organisation.id == organisation_id)
    found = unit.session.scalar(query.with_for_update(read=True))
    if found is None or found.closed_at is not None:
        return {"organisation_id": "there is no such organisation in your area, or it has ended"}
    return {} if name in {None, found.name} else {"organisation": "it is registered under another name"}


def _is_registered(session: Session, community: str, name: str) -> bool:
    """Say whether a name is an organisation's of the district, or a team's or station's of the community."""
    here = or_(
        Organisation.community == community,
        and_(
            Organisation.kind == OrganisationKind.ORGANISATION,
            Organisation.district == community[:DISTRICT],
        ),
    )
    query = published(select(Organisation.id).where(Organisation.name == name, here))
    return session.scalar(query.limit(1)) is not None


def name_of(session: Session, organisation_id: int | None) -> str:
    """Return what an organisation of one's area is called."""
    return session.scalars(select(Organisation.name).where(Organisation.id == organisation_id)).one()


def qualified(session: Session, organisation_id: int, first: date, last: date) -> bool:
    """Say whether an organisation needs no qualification, or has one for an activity of these days."""
    kind = session.scalar(select(Organisation.kind).where(Organisation.id == organisation_id))
    papers = [(PaperKind(paper.kind), period(paper)) for paper in papers_of(session, organisation_id)]
    return kind is None or not lacking(OrganisationKind(kind), papers, first, last)


def covering(session: Session, organisation_id: int, first: date, last: date) -> OrganisationPaper | None:
    """Return the policy that covers an activity from one day to another."""
    return next(
        (
            paper
            for paper in papers_of(session, organisation_id)
            if paper.kind == PaperKind.INSURANCE and period(paper).covers(first, last)
        ),
        None,
    )


def row(one: Organisation) -> OrganisationRow:
    """Show an organisation in a list."""
    return OrganisationRow(
        organisation_id=one.id,
        kind=OrganisationKind(one.kind),
        community=one.community,
        name=one.name,
        contact=one.contact,
        closed=one.closed_at is not None,
    )


def whole(one: Organisation) -> OrganisationOut:
    """Show an organisation with what was found of it."""
    known = {have.have: have for have in one.haves}
    return OrganisationOut(
        **row(one).model_dump(),
        version=one.version,
        leader=one.leader,
        haves=[
            HaveOut(have=have, met=known[have].met, checked_on=known[have].checked_on)
            for have in Have
            if have in known
        ],
    )


def member_of(one: Member) -> MemberOut:
    """Show a membership."""
    return MemberOut(
        organisation_id=one.organisation_id,
        volunteer_no=one.volunteer_no,
        since=one.since,
        left_at=one.left_at,
    )


def paper_of(unit: Unit, one: OrganisationPaper) -> PaperOut:
    """Show a paper as it stands today."""
    return PaperOut(
        paper_id=one.id,
        organisation_id=one.organisation_id,
        kind=PaperKind(one.kind),
        issuer=one.issuer,
        number=one.number,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        standing=standing(period(one), unit.today, settings_of(unit).renewal_window),
    )


def notice_of(one: PaperNotice) -> OrganisationNotice:
    """Show what was told."""
    kind = OrganisationNoticeKind(one.kind)
    return OrganisationNotice(
        organisation_id=one.organisation_id, paper_id=one.paper_id, kind=kind, at=one.at
    )
