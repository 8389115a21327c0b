"""Finding who is asked, and when somebody was last active."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_volunteers.activities.models import Signup
from onewindow_volunteers.inactivity.models import Asking
from onewindow_volunteers.people.holding import hold_people
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.records.models import ServiceRecord

REGISTERED = and_(Volunteer.id == Asking.volunteer_id, Volunteer.status == VolunteerStatus.REGISTERED)
"""Whoever is asked has neither left nor been suspended meanwhile."""


def last_active(session: Session, someone: Volunteer) -> datetime:
    """Return when somebody last became registered, served, or did something about a place in a shift."""
    served = select(func.max(ServiceRecord.came_at)).where(ServiceRecord.volunteer_id == someone.id)
    placed = select(func.max(Signup.status_since)).where(Signup.volunteer_id == someone.id)
    asking = session.get(Asking, someone.id)
    stayed = asking.stayed_at if asking else None
    moments = (someone.status_since, session.scalar(served), session.scalar(placed), stayed)
    return max(moment for moment in moments if moment is not None)


def by_link(session: Session, link_index: str) -> Asking | None:
    """Return who was sent a link and is registered still, both held until this transaction ends."""
    sent = Asking.link_index == link_index
    hold_people(session, session.scalars(select(Asking.volunteer_id).where(sent)))
    query = select(Asking).join(Volunteer, REGISTERED).where(sent)
    return session.scalar(query.with_for_update(of=Asking))


def unsent(session: Session, now: datetime) -> Asking | None:
    """Return somebody registered throughout who is to be asked now and has been sent nothing yet."""
    query = select(Asking).join(Volunteer, REGISTERED & (Volunteer.status_since <= Asking.asked_at))
    query = query.where(Asking.sent_at.is_(None), Asking.try_at <= now)
    return session.scalar(query.order_by(Asking.try_at).limit(1))
