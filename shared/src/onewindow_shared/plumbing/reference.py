"""A service's own copy of the district's register of areas and of its working-day calendar.

Casework owns both; every other service is told of changes by events, and asks nobody while it works.
"""

import hashlib
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Date, Engine, Select, String, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from onewindow_shared.contracts.events import AreaChanged, AreaKind, CalendarChanged
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.scope import EVERYTHING, STREET
from onewindow_shared.plumbing.tables import PlumbingBase
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import CalendarDay, DayKind, WorkCalendar

Revisions = tuple[tuple[int, int], ...]
_read_before: WeakKeyDictionary[Engine | Connection, tuple[Revisions, WorkCalendar]] = WeakKeyDictionary()
_CHANGED_HERE = "calendar_changed"
LARGER = (AreaKind.DISTRICT, AreaKind.STREET)
"""Kinds of area that are made of communities."""


class Area(PlumbingBase):
    """An area of the register; names and public figures only."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    """Prefix of 6 (district), 9 (street) or 12 (community) digits."""
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(32))
    population: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=0)
    """Of the owner's change that the copy shows; 0 if it came without a number."""


class CalendarException(PlumbingBase):
    """A day that is not what its weekday says: a holiday, or a weekend day worked to make up for one."""

    __tablename__ = "calendar_exceptions"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(50))


class CalendarYear(PlumbingBase):
    """A year whose holidays the State Council has published; any other is estimated."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]


def area_changed(unit: Unit, event: AreaChanged) -> None:
    """Keep the copy of one area, unless it is a newer one: a letter may come late, or once more."""
    dialect = sqlite if unit.session.get_bind().dialect.name == "sqlite" else postgresql
    values: dict[str, Any] = {
        "code": event.code,
        "name": event.name,
        "kind": event.kind,
        "population": event.population,
    }
    if event.revision is not None:
        values["revision"] = event.revision
    newer = None if event.revision is None else Area.revision < event.revision
    statement = dialect.insert(Area).values(**values)
    unit.session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values, where=newer))


def calendar_changed(unit: Unit, event: CalendarChanged) -> None:
    """Replace the copy of one calendar year, unless it is a newer one."""
    year = unit.session.get(CalendarYear, event.year, with_for_update=True)
    known = year.revision if year else 0
    if event.revision is not None and event.revision <= known:
        return
    unit.session.info[_CHANGED_HERE] = True
    first, last = date(event.year, 1, 1), date(event.year, 12, 31)
    for old in unit.session.scalars(
        select(CalendarException).where(CalendarException.day.between(first, last))
    ):
        unit.session.delete(old)
    unit.session.flush()
    unit.session.add_all(CalendarException(day=day, kind=kind, name=name) for day, kind, name in event.days)
    unit.session.merge(CalendarYear(year=event.year, revision=event.revision or known + 1))


def work_calendar(session: Session) -> WorkCalendar:
    """Return the district's working-day calendar as this service knows it.

    It is read once per revision, not once per case; what a transaction itself changed is its own.
    """
    query = select(CalendarYear.year, CalendarYear.revision).order_by(CalendarYear.year)
    revisions: Revisions = tuple((year, revision) for year, revision in session.execute(query))
    if _CHANGED_HERE in session.info:
        return _read_calendar(session, revisions)
    bind = session.get_bind()
    known = _read_before.get(bind)
    if known is None or known[0] != revisions:
        known = _read_before[bind] = revisions, _read_calendar(session, revisions)
    return known[1]


def _read_calendar(session: Session, revisions: Revisions) -> WorkCalendar:
    rows = session.execute(select(CalendarException.day, CalendarException.kind, CalendarException.name))
    return WorkCalendar(
        [CalendarDay(day, DayKind(kind), name) for day, kind, name in rows],
        published=frozenset(year for year, _ in revisions),
        version=_version(revisions),
    )


def _version(revisions: Revisions) -> str:
    """Name a state of the calendar: its newest year for people, a digest of all years for certainty."""
    if not revisions:
        return "none"
    year, revision = revisions[-1]
    every = "-".join(f"{year}r{revision}" for year, revision in revisions)
    return f"{year}r{revision}-{hashlib.sha256(every.encode()).hexdigest()[:12]}"


def area_name(session: Session, code: str) -> str:
    """Return the name of an area, or its code while the register has not arrived."""
    area = session.get(Area, code)
    return area.name if area else code


def communities_in(*areas: str) -> Select[str]:
    """Select the codes of the communities in any of these areas, in order."""
    within = or_(*(Area.code.startswith(area, autoescape=True) for area in areas))
    return select(Area.code).where(Area.kind.not_in(LARGER), within).order_by(Area.code)


def areas_below(area: str, digits: int) -> Select[Area]:
    """Select the streets (9 digits) or communities (12) of an area, in order."""
    kind = Area.kind == AreaKind.STREET if digits == STREET else Area.kind.not_in(LARGER)
    return select(Area).where(kind, Area.code.startswith(area, autoescape=True)).order_by(Area.code)


def known_community(session: Session, code: str, *, field: str = "community") -> Area:
    """Return a community of the register, or refuse the field that named it."""
    area = session.get(Area, code)
    if area is None or area.kind in LARGER:
        raise invalid({field: "no such community in the register"})
    return area


async def register_check(runtime: Runtime) -> str | None:
    """Readiness: the register of areas has arrived."""
    found = await runtime.database.read(EVERYTHING, lambda s: s.scalar(select(Area.code).limit(1)))
    return None if found else "the register of areas has not arrived from casework"
