"""Recording figures, and reading what weighs on an area."""

from sqlalchemy import select

from onewindow_casework.burden import queries
from onewindow_casework.burden.models import BurdenRecord
from onewindow_shared.contracts.burden import (
    BurdenIn,
    BurdenKind,
    BurdenOut,
    BurdenRecordOut,
)
from onewindow_shared.contracts.common import Page, Resource
from onewindow_shared.plumbing.conditional import expect_version
from onewindow_shared.plumbing.paging import Wanted
from onewindow_shared.plumbing.problems import NotFound, Problem, VersionStale, invalid
from onewindow_shared.plumbing.reference import Area, known_community
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit


class RecordedMeanwhile(Problem):
    """Somebody recorded this figure for the first time at the same moment; read it and try again."""

    type = "urn:onewindow:problem:recorded-meanwhile"
    title = "Recorded meanwhile"
    status = 409


def weighing(unit: Unit, area: str, year: int) -> BurdenOut:
    """Return what weighs on an area within reach."""
    _reached(unit, area)
    return queries.weighing(unit, area, year)


def records(unit: Unit, wanted: Wanted, area: str, year: int) -> Page[BurdenRecordOut]:
    """Return the recorded figures of an area within reach."""
    _reached(unit, area)
    return queries.records(unit, wanted, area, year)


def record(
    unit: Unit, community: str, year: int, kind: BurdenKind, seen: int, body: BurdenIn
) -> BurdenRecordOut:
    """Record or correct how many of a kind a community had in a year."""
    _own(unit, community)
    if kind is BurdenKind.CERTIFICATES:
        raise invalid({"count": "certificates are counted as they are issued"})
    if year > unit.today.year:
        raise invalid({"count": "that year has not begun"})
    query = select(BurdenRecord).filter_by(community=community, kind=kind, year=year)
    found = unit.session.scalar(query.with_for_update())
    _expect(queries.show(found) if found else None, seen)
    if found is None:
        found = BurdenRecord(year=year, kind=kind, version=0, **place(community))
        unit.session.add(found)
    found.count, found.source, found.version = body.count, body.source, seen + 1
    found.recorded_at, found.recorded_by = unit.now, unit.actor.subject
    unit.session.flush()
    detail = {"year": year, "kind": kind, "count": body.count}
    unit.audit("burden.recorded", "community", community, area=community, detail=detail)
    return queries.show(found)


def _expect(current: Resource | None, seen: int) -> None:
    if current is not None:
        expect_version(current, seen)
    elif seen != 0:
        raise VersionStale(detail='Nothing is recorded yet: send If-Match "0".', current={})


def _reached(unit: Unit, area: str) -> None:
    if unit.session.get(Area, area) is None or not unit.actor.scope.covers(area):
        raise NotFound


def _own(unit: Unit, community: str) -> None:
    _reached(unit, community)
    known_community(unit, community)
