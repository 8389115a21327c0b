"""What is kept of somebody beside their registration: under another account, or under nobody's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.bulk import table_of
from onewindow_volunteers.activities.models import Notice, Signup
from onewindow_volunteers.certificates.models import ServiceCertificate
from onewindow_volunteers.evaluations.models import ServiceEvaluation
from onewindow_volunteers.needs.models import Need
from onewindow_volunteers.organisations.models import Member
from onewindow_volunteers.people.models import Step, Volunteer
from onewindow_volunteers.people.rules import VolunteerAction
from onewindow_volunteers.records.models import Statement
from onewindow_volunteers.standing.models import Suspension
from onewindow_volunteers.stars.models import Star, StarObjection

NEEDS, OBJECTIONS = table_of(Need), table_of(StarObjection)
"""Whoever took a need down does not reach it as their own."""


def registrations_of(session: Session, volunteer_no: str) -> Sequence[Volunteer]:
    """Return every registration within reach of whoever has a number, held until this transaction ends."""
    person = select(Volunteer.person_index).where(Volunteer.volunteer_no == volunteer_no)
    query = select(Volunteer).where(Volunteer.person_index == person.scalar_subquery())
    return session.scalars(query.order_by(Volunteer.id).with_for_update()).all()


def is_proved(session: Session, several: Sequence[Volunteer]) -> bool:
    """Say whether one of somebody's registrations was verified, and none disproved."""
    if any(one.ended_by == VolunteerAction.DISPROVE for one in several):
        return False
    verified = (Step.volunteer_id.in_([one.id for one in several]), Step.target == VolunteerStatus.VERIFIED)
    return session.scalar(select(Step.id).where(*verified).limit(1)) is not None


def certificates_of(session: Session, volunteer_id: int) -> Sequence[ServiceCertificate]:
    """Return every certificate of somebody, kept from other writers."""
    query = select(ServiceCertificate).where(ServiceCertificate.volunteer_id == volunteer_id)
    return session.scalars(query.order_by(ServiceCertificate.id).with_for_update()).all()


def own_needs(session: Session, subject: str) -> Sequence[int]:
    """Return the needs that an account took down."""
    return session.scalars(select(NEEDS.c.id).where(NEEDS.c.taken_by == subject).order_by(NEEDS.c.id)).all()


def forget_elsewhere(session: Session, person: Volunteer, nobody: str, nothing: str, now: datetime) -> None:
    """Take the words of somebody, and of others about them, out of places, records and suspensions.

    `nobody` takes the place of the account where it is not bound to the registration's, `nothing`, sealed,
    that of an objection; a suspension that lasts keeps the blind index, by which it finds whoever registers
    again.
    """
    volunteer_id, subject = person.id, person.subject
    session.execute(delete(Notice).where(Notice.volunteer_id == volunteer_id))
    left = {"left_at": func.coalesce(Member.left_at, now)}
    session.execute(update(Member).where(Member.volunteer_id == volunteer_id).values(left))
    stars = select(Star.id).where(Star.volunteer_id == volunteer_id)
    about = update(OBJECTIONS).where(OBJECTIONS.c.star_id.in_(stars))
    session.execute(about.values(sealed_statement=nothing))
    said_by = update(OBJECTIONS).where(OBJECTIONS.c.subject == subject)
    session.execute(said_by.values(subject=nobody, sealed_statement=nothing))
    gone = {"holder_masked": "*", "reason": None}
    session.execute(update(Star).where(Star.volunteer_id == volunteer_id).values(gone))
    certified = ServiceCertificate.volunteer_id == volunteer_id
    session.execute(update(ServiceCertificate).where(certified).values(reason=None))
    session.execute(
        update(Suspension)
        .where(Suspension.volunteer_id == volunteer_id)
        .values(
            person_index=case((Suspension.ended_at.is_(None), Suspension.person_index), else_=nobody),
            sealed_reason=None,
            sealed_appeal=None,
            sealed_ruling=None,
        )
    )
    session.execute(update(Signup).where(Signup.volunteer_id == volunteer_id).values(override=None))
    session.execute(update(NEEDS).where(NEEDS.c.taken_by == subject).values(taken_by=nobody))
    session.execute(update(Statement).where(Statement.volunteer_id == volunteer_id).values(sealed_text=None))
    said = ServiceEvaluation.volunteer_id == volunteer_id
    session.execute(update(ServiceEvaluation).where(said).values(sealed_words=None))
