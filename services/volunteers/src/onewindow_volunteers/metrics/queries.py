"""Counting every figure again from what it is a figure of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import func, select

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.stars import StarStatus
from onewindow_shared.plumbing.rollups import Facets, delta
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day
from onewindow_volunteers.activities.models import Activity, Shift
from onewindow_volunteers.certificates.models import ServiceCertificate
from onewindow_volunteers.engagement import counting as engagement
from onewindow_volunteers.people.queries import every_step
from onewindow_volunteers.people.rules import figures
from onewindow_volunteers.records import counting as records
from onewindow_volunteers.stars.models import Star
from onewindow_volunteers.stars.service import LEVELS

Change = tuple[Metric, date, str, int]
"""Metric, day, community, and by how much it changed."""


def recount(unit: Unit) -> Sequence[dict[str, Any]]:
    """Return every counter as the tables have it."""
    counted: Counter[tuple[Metric, date, str]] = Counter()
    for metric, day, community, n in _everything(unit):
        counted[metric, day, community] += n
    return [
        delta(metric, day, Facets(), n, place(community))
        for (metric, day, community), n in sorted(counted.items())
        if n
    ]


def _everything(unit: Unit) -> Iterator[Change]:
    served = chain(engagement.recounted(unit), records.recounted(unit))
    return chain(_registered(unit), served, _starred(unit), _certified(unit), _dangerous(unit))


def _registered(unit: Unit) -> Iterator[Change]:
    for at, change in every_step(unit.session):
        for community, n in figures(change):
            yield Metric.VOLUNTEERS_REGISTERED, local_day(at, unit.zone), community, n


def _starred(unit: Unit) -> Iterator[Change]:
    query = select(Star.decided_at, Star.level, Star.community).where(Star.status == StarStatus.GRANTED)
    for at, level, community in unit.session.execute(query):
        if at is not None and level in LEVELS:
            yield LEVELS[level], local_day(at, unit.zone), community, 1


def _certified(unit: Unit) -> Iterator[Change]:
    columns = (ServiceCertificate.issued_at, ServiceCertificate.ended_at, ServiceCertificate.community)
    for issued_at, ended_at, community in unit.session.execute(select(*columns)):
        yield Metric.SERVICE_CERTIFICATES_ISSUED, local_day(issued_at, unit.zone), community, 1
        if ended_at is not None:
            yield Metric.SERVICE_CERTIFICATES_CORRECTED, local_day(ended_at, unit.zone), community, 1


def _dangerous(unit: Unit) -> Iterator[Change]:
    first = select(Activity.id, Activity.community, Activity.insurance, func.min(Shift.starts_at))
    query = first.join(Shift, Shift.activity_id == Activity.id).where(Activity.published, Activity.hazardous)
    for _, community, insurance, at in unit.session.execute(
        query.group_by(Activity.id, Activity.community, Activity.insurance)
    ):
        day = local_day(at, unit.zone)
        yield Metric.ACTIVITIES_HAZARDOUS, day, community, 1
        yield Metric.ACTIVITIES_INSURED, day, community, int(insurance is not None)
