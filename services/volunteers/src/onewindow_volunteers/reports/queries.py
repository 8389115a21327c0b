"""Counting a year by community, and reading samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.records import RecordStatus
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.reference import Area, communities_in
from onewindow_shared.plumbing.rollups import figures_below
from onewindow_shared.plumbing.scope import COMMUNITY
from onewindow_volunteers.certificates.models import ServiceCertificate
from onewindow_volunteers.people.models import Volunteer
from onewindow_volunteers.records.models import ServiceRecord
from onewindow_volunteers.reports.models import SpotCheck, SpotCheckRecord

NEWEST_FIRST = Keyset([SpotCheck.id], newest_first=True)


@dataclass(frozen=True)
class Given:
    """Confirmed records of a community: how many, their minutes, and how many came late."""

    records: int = 0
    minutes: int = 0
    late: int = 0


def communities(session: Session, area: str) -> Sequence[Area]:
    """Return the communities of an area, in order."""
    return session.scalars(select(Area).where(Area.code.in_(communities_in(area))).order_by(Area.code)).all()


def registered(session: Session, area: str, until: date) -> Mapping[str, int]:
    """Return how many volunteers each community of an area had at the end of a day."""
    found = figures_below(session, area, COMMUNITY, until, until)
    return {community: counted.get(Metric.VOLUNTEERS_REGISTERED, 0) for community, counted in found.items()}


def active(session: Session, first: date, last: date, minutes: int) -> Mapping[str, int]:
    """Return how many registered volunteers of each community gave so many minutes in a time."""
    enough = (
        select(ServiceRecord.volunteer_id)
        .where(*_confirmed(first, last))
        .group_by(ServiceRecord.volunteer_id)
        .having(func.sum(ServiceRecord.minutes) >= minutes)
    )
    query = select(Volunteer.community, func.count()).where(
        Volunteer.status == VolunteerStatus.REGISTERED, Volunteer.id.in_(enough)
    )
    return dict(session.execute(query.group_by(Volunteer.community)).all())


def given(session: Session, first: date, last: date) -> Mapping[str, Given]:
    """Return what was recorded in each community in a time."""
    late = func.sum(case((ServiceRecord.confirmed_on > ServiceRecord.due_on, 1), else_=0))
    query = (
        select(ServiceRecord.community, func.count(), func.sum(ServiceRecord.minutes), late)
        .where(*_confirmed(first, last))
        .group_by(ServiceRecord.community)
    )
    return {
        community: Given(n, int(minutes or 0), int(late_ones))
        for community, n, minutes, late_ones in session.execute(query)
    }


def _confirmed(first: date, last: date) -> list[Any]:
    return [ServiceRecord.status == RecordStatus.CONFIRMED, ServiceRecord.day.between(first, last)]


def certified(session: Session, since: datetime, until: datetime) -> Mapping[str, int]:
    """Return how many certificates each community issued in a time."""
    query = select(ServiceCertificate.community, func.count()).where(
        ServiceCertificate.issued_at >= since, ServiceCertificate.issued_at < until
    )
    return dict(session.execute(query.group_by(ServiceCertificate.community)).all())


def to_sample(session: Session, area: str, first: date, last: date) -> Sequence[int]:
    """Return the numbers of the confirmed records of an area and days."""
    query = select(ServiceRecord.id).where(
        *_confirmed(first, last), ServiceRecord.community.startswith(area, autoescape=True)
    )
    return session.scalars(query).all()


def check(session: Session, check_no: int) -> SpotCheck:
    """Return a sample within reach; raises `NotFound`."""
    return must_find(session, select(SpotCheck).where(SpotCheck.id == check_no))


def sampled(one: SpotCheck) -> Select[ServiceRecord]:
    """Select the records of a sample."""
    drawn = select(SpotCheckRecord.record_id).where(SpotCheckRecord.check_id == one.id)
    return select(ServiceRecord).where(ServiceRecord.id.in_(drawn))
