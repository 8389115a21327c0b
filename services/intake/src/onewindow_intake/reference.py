"""What posting a case needs to know, held in this process: items in force, communities, working days.

Versions of items never change and the rest changes rarely, so a copy of half a second's age is as good as the
tables, and posting reads nothing. News that must count within a second have the other half to arrive.
Whatever is not found in the copy is looked for in the tables again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.catalogue.holding import hold
from onewindow_intake.catalogue.offers import Offer, Offers
from onewindow_intake.departments.service import department_names
from onewindow_intake.grids.service import cells_on
from onewindow_intake.routing import queries
from onewindow_intake.routing.rules import Matter
from onewindow_shared.plumbing.published_years import shipped_calendar
from onewindow_shared.plumbing.reference import LARGER, Area, CalendarYear, work_calendar
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.scope import COMMUNITY, DISTRICT
from onewindow_shared.plumbing.succession import Succession
from onewindow_shared.plumbing.unit import Unit, system_actor
from onewindow_shared.plumbing.workdays import WorkCalendar, local_day

SECONDS = 0.5
BETWEEN = 0.1
"""Seconds between two copies at least, for whoever did not find something in the first."""


@dataclass(frozen=True)
class Names:
    """What those are called who stand on the papers of a case."""

    community: str
    window: str
    district: str
    department: str | None
    """None where the district has told of no such department."""


@dataclass(frozen=True)
class Snapshot:
    """The reference data at one moment."""

    day: date
    """The district's day whose items, communities and lists these are."""
    offers: Offers
    communities: frozenset[str]
    not_living: Mapping[str, str]
    """Communities that have ended or have not begun -> what is wrong with naming them."""
    grids: frozenset[str]
    """Codes of grid cells."""
    heirs: Succession
    areas: Mapping[str, str]
    """Names by code; of an area that had ended by that day, its heir's."""
    departments: Mapping[tuple[str, str], str]
    """Names by district and code."""
    calendar: WorkCalendar
    calendar_state: tuple[Any, ...]
    matters: tuple[Matter, ...]
    """The districts' lists of what committees do."""
    lists_state: tuple[int, int]

    def fault_of(self, community: str) -> str:
        """Say why a community that is none of `communities` cannot be named."""
        return self.not_living.get(community, "no such community in the register")

    def has_cell(self, grid: str, community: str) -> bool:
        """Say whether a grid cell is one of a community, by its code or as its heir."""
        return grid in self.grids and self.heirs.heir(grid[:COMMUNITY], self.day) == community

    def offer(self, code: str, community: str) -> Offer | None:
        """Return an item on the terms of a community's district."""
        return self.offers.at(code, community)

    def names_for(self, community: str, window: str, department: str) -> Names:
        """Name who decides on a case, at whose window it is taken in, and the department of its item."""
        district = community[:DISTRICT]
        return Names(
            community=self.areas.get(community, community),
            window=self.areas.get(window, window),
            district=self.areas.get(district, district),
            department=self.departments.get((district, department)),
        )


def calendar_of(session: Session) -> WorkCalendar:
    """Return the district's calendar; until it has arrived, the published years that come with the suite."""
    calendar = work_calendar(session)
    return calendar if calendar.published else shipped_calendar()


def take(unit: Unit, day: date, before: Snapshot | None) -> Snapshot:
    """Read the reference data of a day up to today, keeping what cannot have changed since `before`."""
    session = unit.session
    state = tuple(session.execute(select(CalendarYear.year, CalendarYear.revision).order_by("year")).all())
    same = before is not None and before.calendar_state == state
    lists = queries.state(session)
    stays = before and before.lists_state == lists and before.day == day
    known = before.matters if before and stays and before.heirs == unit.heirs else None
    areas = session.scalars(select(Area)).all()
    names = {area.code: area.name for area in areas}
    near = [area for area in areas if area.kind not in LARGER]
    return Snapshot(
        day=day,
        offers=hold(session, day, unit.heirs, before.offers if before else None),
        communities=frozenset(area.code for area in near if area.lives(day)),
        not_living={area.code: area.why_not(day) for area in near if not area.lives(day)},
        grids=cells_on(session, day),
        heirs=unit.heirs,
        areas={code: names.get(unit.heirs.heir(code, day), name) for code, name in names.items()},
        departments=department_names(session),
        calendar=before.calendar if before and same else calendar_of(session),
        calendar_state=state,
        matters=queries.matters(unit, day) if known is None else known,
        lists_state=lists,
    )


@dataclass(frozen=True)
class _Copy:
    """A snapshot, and when it was begun to be read, by the clock of the event loop."""

    snapshot: Snapshot
    begun: float


class Reference:
    """Hands out snapshots that are never older than `SECONDS`; one request at a time renews them.

    Beside today's, those of earlier days are held for as long as they are fresh: what was made offline is
    judged by what was in force then.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = asyncio.Lock()
        self._held: dict[date, _Copy] = {}

    async def current(self) -> Snapshot:
        """Return the copy of today, renewed if it is too old; at midnight other items come into force."""
        return await self.on(self._today())

    async def on(self, day: date) -> Snapshot:
        """Return the copy of a day up to today, renewed if it is too old."""
        if self._age(day) < SECONDS:
            return self._held[day].snapshot
        async with self._lock:
            if self._age(day) < SECONDS:
                return self._held[day].snapshot
            return await self._renew(day)

    async def renewed(self, day: date) -> Snapshot:
        """Return a copy of a day made after this was called: something was not in the one before.

        Whoever asks for what does not exist cannot have the tables read more often than every `BETWEEN`.
        """
        asked = asyncio.get_running_loop().time()
        async with self._lock:
            held = self._held.get(day)
            if held is not None and held.begun >= asked:
                return held.snapshot
            await asyncio.sleep(max(0.0, BETWEEN - self._age(day)))
            return await self._renew(day)

    def _today(self) -> date:
        settings = self._runtime.settings
        return local_day(settings.clock(), settings.zone)

    def _age(self, day: date) -> float:
        held = self._held.get(day)
        return inf if held is None else asyncio.get_running_loop().time() - held.begun

    async def _renew(self, day: date) -> Snapshot:
        begun = asyncio.get_running_loop().time()
        latest = max(self._held.values(), key=lambda copy: copy.begun, default=None)
        before = self._held.get(day, latest)
        actor = system_actor(self._runtime.name)
        snapshot = await self._runtime.read(actor, take, day, before.snapshot if before else None)
        self._held = {held: copy for held, copy in self._held.items() if self._age(held) < SECONDS}
        self._held[day] = _Copy(snapshot, begun)
        return snapshot
