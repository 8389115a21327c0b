"""What posting a case needs to know, held in this process: items in force, communities, working days.

Versions of items never change and the rest changes rarely, so a copy of half a second's age is as good as the
tables, and posting reads nothing. News that must count within a second have the other half to arrive.
Whatever is not found in the copy is looked for in the tables again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.catalogue.holding import hold
from onewindow_intake.catalogue.offers import Offer, Offers
from onewindow_intake.departments.service import department_names
from onewindow_intake.routing import queries
from onewindow_intake.routing.rules import Matter
from onewindow_shared.plumbing.published_years import shipped_calendar
from onewindow_shared.plumbing.reference import LARGER, Area, CalendarYear, work_calendar
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.scope import DISTRICT
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
    """The district's day whose items these are."""
    offers: Offers
    communities: frozenset[str]
    not_living: Mapping[str, str]
    """Communities that have ended or have not begun -> what is wrong with naming them."""
    heirs: Succession
    areas: Mapping[str, str]
    """Names by code."""
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


def take(unit: Unit, before: Snapshot | None) -> Snapshot:
    """Read the reference data, keeping what cannot have changed since `before`."""
    session = unit.session
    state = tuple(session.execute(select(CalendarYear.year, CalendarYear.revision).order_by("year")).all())
    same = before is not None and before.calendar_state == state
    lists = queries.state(session)
    stays = before and before.lists_state == lists and before.day == unit.today
    known = before.matters if before and stays and before.heirs == unit.heirs else None
    areas = session.scalars(select(Area)).all()
    near = [area for area in areas if area.kind not in LARGER]
    return Snapshot(
        day=unit.today,
        offers=hold(session, unit.today, unit.heirs, before.offers if before else None),
        communities=frozenset(area.code for area in near if area.lives(unit.today)),
        not_living={area.code: area.why_not(unit.today) for area in near if not area.lives(unit.today)},
        heirs=unit.heirs,
        areas={area.code: area.name for area in areas},
        departments=department_names(session),
        calendar=before.calendar if before and same else calendar_of(session),
        calendar_state=state,
        matters=queries.matters(unit) if known is None else known,
        lists_state=lists,
    )


class Reference:
    """Hands out a snapshot of today that is never older than `SECONDS`; one request at a time renews it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = asyncio.Lock()
        self._snapshot: Snapshot | None = None
        self._taken = 0.0

    async def current(self) -> Snapshot:
        """Return the copy, renewed if it is too old."""
        if self._snapshot is not None and self._is_fresh(self._snapshot):
            return self._snapshot
        async with self._lock:
            if self._snapshot is not None and self._is_fresh(self._snapshot):
                return self._snapshot
            return await self._renew()

    async def renewed(self) -> Snapshot:
        """Return a copy made after this was called: something was not in the one before.

        Whoever asks for what does not exist cannot have the tables read more often than every `BETWEEN`.
        """
        asked = asyncio.get_running_loop().time()
        async with self._lock:
            if self._snapshot is not None and self._taken >= asked:
                return self._snapshot
            await asyncio.sleep(max(0.0, BETWEEN - self._age()))
            return await self._renew()

    def _is_fresh(self, snapshot: Snapshot) -> bool:
        """Say whether a copy is young enough, and of this day: at midnight other items come into force."""
        settings = self._runtime.settings
        return self._age() < SECONDS and snapshot.day == local_day(settings.clock(), settings.zone)

    def _age(self) -> float:
        return asyncio.get_running_loop().time() - self._taken

    async def _renew(self) -> Snapshot:
        started = asyncio.get_running_loop().time()
        actor = system_actor(self._runtime.name)
        self._snapshot = await self._runtime.read(actor, take, self._snapshot)
        self._taken = started
        return self._snapshot
