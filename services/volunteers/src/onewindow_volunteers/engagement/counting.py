"""Counting who serves: by the difference that a step or a record makes, and again from all of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.contracts.volunteers import VolunteerStatus
from onewindow_shared.plumbing.bulk import table_of
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import local_day
from onewindow_volunteers.engagement import rules
from onewindow_volunteers.engagement.rules import Changes
from onewindow_volunteers.people.models import Step, Volunteer
from onewindow_volunteers.people.rules import Change
from onewindow_volunteers.records.models import HourEntry, ServiceRecord
from onewindow_volunteers.settings import settings_of

VOLUNTEERS, RECORDS, STEPS, ENTRIES = map(table_of, (Volunteer, ServiceRecord, Step, HourEntry))
AT_ONCE = 5000


@contextmanager
def counted(unit: Unit, person: str) -> Iterator[None]:
    """Count by how much what a person did, wherever they served, changes who serves."""
    before = _of(unit, person)
    yield
    unit.session.flush()
    _count(unit, before, _of(unit, person))


@contextmanager
def parted(unit: Unit, person: str, nobody: str) -> Iterator[None]:
    """Count a registration that no longer is known to be this person's."""
    before = _of(unit, person)
    yield
    unit.session.flush()
    after = _of(unit, person)
    after.update(_of(unit, nobody))
    _count(unit, before, after)


def recounted(unit: Unit) -> Iterator[tuple[Metric, date, str, int]]:
    """Yield metric, day, community and change of all who serve."""
    given: dict[str, dict[date, int]] = defaultdict(dict)
    for person, day, minutes in unit.session.execute(_given().execution_options(yield_per=AT_ONCE)):
        given[person][day] = int(minutes)
    steps: dict[str, list[tuple[date, Change]]] = defaultdict(list)
    for row in unit.session.execute(_steps().execution_options(yield_per=AT_ONCE)):
        if row.person_index in given:
            steps[row.person_index].append(_step(unit, row))
    for person, days in given.items():
        for (metric, community, day), n in rules.changes(steps[person], days, _enough(unit)).items():
            yield metric, day, community, n


def _of(unit: Unit, person: str) -> Changes:
    mine = VOLUNTEERS.c.person_index == person
    given: Mapping[date, int] = {
        day: int(minutes) for _, day, minutes in unit.session.execute(_given().where(mine))
    }
    if not given:
        return Counter()
    steps = [_step(unit, row) for row in unit.session.execute(_steps().where(mine))]
    return rules.changes(steps, given, _enough(unit))


def _count(unit: Unit, before: Changes, after: Changes) -> None:
    for key in sorted(before.keys() | after.keys()):
        metric, community, day = key
        if change := after[key] - before[key]:
            unit.count(metric, change, community=community, day=day)


def _given() -> Select[*tuple[Any, ...]]:
    """Select by person and day the minutes that count."""
    query = select(VOLUNTEERS.c.person_index, RECORDS.c.day, func.sum(ENTRIES.c.minutes))
    query = query.join_from(VOLUNTEERS, ENTRIES, ENTRIES.c.volunteer_id == VOLUNTEERS.c.id)
    query = query.join(RECORDS, RECORDS.c.id == ENTRIES.c.record_id)
    return query.group_by(VOLUNTEERS.c.person_index, RECORDS.c.day)


def _steps() -> Select[*tuple[Any, ...]]:
    query = select(VOLUNTEERS.c.person_index, *STEPS.c)
    query = query.join_from(VOLUNTEERS, STEPS, STEPS.c.volunteer_id == VOLUNTEERS.c.id)
    return query.order_by(STEPS.c.id)


def _step(unit: Unit, row: Any) -> tuple[date, Change]:
    source, target = VolunteerStatus(row.source), VolunteerStatus(row.target)
    return local_day(row.at, unit.zone), Change(source, target, row.counted_in, row.moved_from)


def _enough(unit: Unit) -> int:
    return settings_of(unit).active_hours * 60
