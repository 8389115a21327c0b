"""A service's own copy of the district's register of areas and of its working-day calendar.

Casework owns both; every other service is told of changes by events, and asks nobody while it works.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Date, Engine, Select, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from onewindow_shared.contracts.areas import lives, never_was
from onewindow_shared.contracts.events import AreaChanged, AreaKind, CalendarChanged
from onewindow_shared.plumbing.bulk import insert_into
from onewindow_shared.plumbing.problems import invalid
from onewindow_shared.plumbing.scope import EVERYTHING, STREET
from onewindow_shared.plumbing.succession import Ended, Succession
from onewindow_shared.plumbing.tables import PlumbingBase
from onewindow_shared.plumbing.unit import Unit
from onewindow_shared.plumbing.workdays import CalendarDay, DayKind, WorkCalendar
from onewindow_shared.plumbing.writer import LAST

if TYPE_CHECKING:
    from onewindow_shared.plumbing.runtime import Runtime

Row = TypeVar("Row")
Revisions = tuple[tuple[int, int], ...]
_read_before: WeakKeyDictionary[Engine, tuple[Revisions, WorkCalendar]] = WeakKeyDictionary()
_CHANGED_HERE = "calendar_changed"
_KNOWN = "calendar_known"
AREAS_CHANGED = "areas_changed"
"""Mark of a session that touched the register: what the process remembers of it is read again."""
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
    effective_from: Mapped[date | None] = mapped_column(Date)
    """First day; none of an area that was always there."""
    effective_until: Mapped[date | None] = mapped_column(Date)
    """Last day; none while nobody has decided its end."""
    heir: Mapped[str | None] = mapped_column(String(12))

    @property
    def never_was(self) -> bool:
        """Whether the decision that was to make it was taken back."""
        return never_was(self.effective_from, self.effective_until)

    def lives(self, day: date) -> bool:
        """Say whether it is an area on a day."""
        return lives(self.effective_from, self.effective_until, day)

    def why_not(self, day: date) -> str:
        """Say why it is no area on a day, and which one is."""
        if self.effective_from is not None and day < self.effective_from:
            return f"begins on {self.effective_from}"
        return f"ended on {self.effective_until}; {self.heir} stands for it"


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
    values: dict[str, Any] = {
        "code": event.code,
        "name": event.name,
        "kind": event.kind,
        "population": event.population,
        "effective_from": event.effective_from,
        "effective_until": event.effective_until,
        "heir": event.heir,
    }
    unit.session.info[AREAS_CHANGED] = True
    if event.revision is not None:
        values["revision"] = event.revision
    newer = None if event.revision is None else Area.revision < event.revision
    statement = insert_into(unit.session, Area).values(**values)
    unit.session.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values, where=newer))


def calendar_changed(unit: Unit, event: CalendarChanged) -> None:
    """Replace the copy of one calendar year, unless it is a newer one."""
    year = unit.session.get(CalendarYear, event.year, with_for_update=True)
    known = year.revision if year else 0
    if event.revision is not None and event.revision <= known:
        return
    unit.session.info[_CHANGED_HERE] = unit.session.info[LAST] = True
    forget_calendar(unit.session)
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

    It is read once per revision, not once per case, and a transaction stays with the one that it found; what
    it changed itself is its own.
    """
    found = session.info.get(_KNOWN)
    if isinstance(found, WorkCalendar):
        return found
    query = select(CalendarYear.year, CalendarYear.revision).order_by(CalendarYear.year)
    revisions: Revisions = tuple((year, revision) for year, revision in session.execute(query))
    if _CHANGED_HERE in session.info:
        return _read_calendar(session, revisions)
    bind = session.get_bind().engine
    known = _read_before.get(bind)
    if known is None or known[0] != revisions:
        known = _read_before[bind] = revisions, _read_calendar(session, revisions)
    session.info[_KNOWN] = known[1]
    return known[1]


def forget_calendar(session: Session) -> None:
    """Have the calendar looked at again in this transaction: another one may have changed it meanwhile."""
    session.info.pop(_KNOWN, None)


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


def office_name(unit: Unit, code: str, day: date | None = None) -> str:
    """Return the name of the area that stands for a code on a day, today unless given."""
    return area_name(unit.session, unit.heirs.heir(code, day or unit.today))


def read_succession(session: Session) -> Succession:
    """Return which areas have ended, or will, and what stands for each."""
    query = select(Area.code, Area.effective_until, Area.heir).where(Area.effective_until.is_not(None))
    return Succession(
        {code: Ended(last_day, heir) for code, last_day, heir in session.execute(query) if last_day and heir}
    )


def areas_below(unit: Unit, area: str, digits: int) -> Select[Area]:
    """Select today's streets (9 digits) or communities (12) of an area, in order."""
    below = select(Area).where(Area.code.startswith(area, autoescape=True)).order_by(Area.code)
    kind = Area.kind == AreaKind.STREET if digits == STREET else Area.kind.not_in(LARGER)
    return below.where(kind, *_lives(unit.today))


def communities_in(unit: Unit, *areas: str) -> Select[str]:
    """Select the codes of today's communities in any of these areas, in order.

    Of an area that has ended, its heir's.
    """
    here = [unit.heirs.heir(area, unit.today) for area in areas]
    within = or_(*(Area.code.startswith(area, autoescape=True) for area in here))
    return living(select(Area.code), unit.today).where(within).order_by(Area.code)


def communities_at(unit: Unit) -> Callable[[str, date], list[str]]:
    """Return what names the communities of a day that belong to an area today, or whose heirs do."""
    several = list(unit.session.scalars(select(Area).where(Area.kind.not_in(LARGER)).order_by(Area.code)))
    stands_for = {one.code: unit.heirs.heir(one.code, unit.today) for one in several}

    def of(area: str, day: date) -> list[str]:
        return [one.code for one in several if stands_for[one.code].startswith(area) and one.lives(day)]

    return of


def living(query: Select[Row], day: date) -> Select[Row]:
    """Narrow a query of areas to those that are communities on a day."""
    return query.where(Area.kind.not_in(LARGER), *_lives(day))


def _lives(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Say in SQL what `Area.lives` says."""
    return (
        or_(Area.effective_from.is_(None), Area.effective_from <= day),
        or_(Area.effective_until.is_(None), Area.effective_until >= day),
    )


def known_community(unit: Unit, code: str, *, field: str = "community") -> Area:
    """Return a community of today's register, or refuse the field that named it.

    Of one that has ended the refusal names the heir.
    """
    faults = community_faults(unit, code, field=field)
    if faults:
        raise invalid(faults)
    return unit.session.get_one(Area, code)


def community_faults(unit: Unit, code: str, *, field: str = "community") -> dict[str, str]:
    """Say why a code names no community of today's register; nothing if it does."""
    area = unit.session.get(Area, code)
    if area is None or area.kind in LARGER:
        return {field: "no such community in the register"}
    return {} if area.lives(unit.today) else {field: area.why_not(unit.today)}


async def register_check(runtime: "Runtime") -> str | None:
    """Readiness: the register of areas has arrived."""
    found = await runtime.database.read(EVERYTHING, lambda s: s.scalar(select(Area.code).limit(1)))
    return None if found else "the register of areas has not arrived from casework"
