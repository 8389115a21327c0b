"""Counting a year by community, and reading samples."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.records import RecordStatus
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.belonging import within
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.finding import must_find
from onewindow_shared.plumbing.paging import Keyset
from onewindow_shared.plumbing.reference import Area, communities_in
from onewindow_shared.plumbing.rollups import figures_below
from onewindow_shared.plumbing.scope import COMMUNITY
from onewindow_shared.plumbing.unit import Unit
from onewindow_volunteers.certificates.models import ServiceCertificate
from onewindow_volunteers.people.models import Step, Volunteer
from onewindow_volunteers.records.models import ServiceRecord
from onewindow_volunteers.reports.models import SpotCheck, SpotCheckRecord

DAY = timedelta(days=1)
VOLUNTEERS, RECORDS = table_of(Volunteer), table_of(ServiceRecord)
NEWEST_FIRST = Keyset([SpotCheck.id], newest_first=True)


@dataclass(frozen=True)
class Given:
    """Confirmed records of a community: how many, their minutes, and how many came late."""

    records: int = 0
    minutes: int = 0
    late: int = 0


def communities(unit: Unit, area: str) -> Sequence[Area]:
    """Return the communities of an area, in order."""
    query = select(Area).where(Area.code.in_(communities_in(unit, area))).order_by(Area.code)
    return unit.session.scalars(query).all()


def registered(unit: Unit, area: str, until: date) -> Mapping[str, int]:
    """Return how many volunteers each community of an area had at the end of a day."""
    found = figures_below(unit.session, unit.gathered(area), COMMUNITY, until, until, unit.heir)
    return {community: counted.get(Metric.VOLUNTEERS_REGISTERED, 0) for community, counted in found.items()}


def active(unit: Unit, first: date, last: date, minutes: int) -> Mapping[str, int]:
    """Return how many volunteers of each community gave so many minutes in a time, wherever they gave them.

    Those count who were registered at the end of it, in the community that they belonged to then.
    """
    v, r = VOLUNTEERS.c, RECORDS.c
    enough = (
        select(v.person_index)
        .join_from(RECORDS, VOLUNTEERS, r.volunteer_id == v.id)
        .where(r.status == RecordStatus.CONFIRMED, r.day.between(first, last))
        .group_by(v.person_index)
        .having(func.sum(r.minutes) >= minutes)
    )
    gave = select(v.id).where(v.person_index.in_(enough))
    then = datetime.combine(last + DAY, time(), unit.zone)
    latest = select(func.max(Step.id)).where(Step.volunteer_id.in_(gave), Step.at < then)
    query = select(Step.counted_in, func.count()).where(
        Step.id.in_(latest.group_by(Step.volunteer_id)), Step.target == VolunteerStatus.REGISTERED
    )
    return _of_heirs(unit, query.group_by(Step.counted_in))


def given(unit: Unit, first: date, last: date) -> Mapping[str, Given]:
    """Return what was recorded in each community in a time."""
    late = func.sum(case((ServiceRecord.confirmed_on > ServiceRecord.due_on, 1), else_=0))
    query = (
        select(ServiceRecord.community, func.count(), func.sum(ServiceRecord.minutes), late)
        .where(*_confirmed(first, last))
        .group_by(ServiceRecord.community)
    )
    found: dict[str, Given] = {}
    for community, n, minutes, late_ones in unit.session.execute(query):
        known = found.get(unit.heir(community), Given())
        found[unit.heir(community)] = Given(
            known.records + n, known.minutes + int(minutes or 0), known.late + int(late_ones)
        )
    return found


def _confirmed(first: date, last: date) -> list[Any]:
    return [ServiceRecord.status == RecordStatus.CONFIRMED, ServiceRecord.day.between(first, last)]


def certified(unit: Unit, since: datetime, until: datetime) -> Mapping[str, int]:
    """Return how many certificates each community issued in a time."""
    query = select(ServiceCertificate.community, func.count()).where(
        ServiceCertificate.issued_at >= since, ServiceCertificate.issued_at < until
    )
    return _of_heirs(unit, query.group_by(ServiceCertificate.community))


def _of_heirs(unit: Unit, query: Select[str, int]) -> Mapping[str, int]:
    """Sum counts by community; those of one that has ended are its heir's."""
    found: Counter[str] = Counter()
    for community, n in unit.session.execute(query):
        found[unit.heir(community)] += int(n)
    return found


def to_sample(unit: Unit, area: str, first: date, last: date) -> Sequence[int]:
    """Return the numbers of the confirmed records of an area and days."""
    query = select(ServiceRecord.id).where(
        *_confirmed(first, last), within(ServiceRecord, unit.gathered(area))
    )
    return unit.session.scalars(query).all()


def check(session: Session, check_no: int) -> SpotCheck:
    """Return a sample within reach; raises `NotFound`."""
    return must_find(session, select(SpotCheck).where(SpotCheck.id == check_no))


def sampled(one: SpotCheck) -> Select[ServiceRecord]:
    """Select the records of a sample."""
    drawn = select(SpotCheckRecord.record_id).where(SpotCheckRecord.check_id == one.id)
    return select(ServiceRecord).where(ServiceRecord.id.in_(drawn))
