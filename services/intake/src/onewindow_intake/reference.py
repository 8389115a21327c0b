"""What posting a case needs to know, held in this process: items in force, communities, working days.

Versions of items never change and the rest changes rarely, so a copy of a second's age is as good as the
tables, and posting reads nothing. Whatever is not found in the copy is looked for in the tables again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_intake.catalogue import queries
from onewindow_intake.catalogue.service import Offer, offered
from onewindow_shared.contracts.events import AreaKind
from onewindow_shared.plumbing.published_years import shipped_calendar
from onewindow_shared.plumbing.reference import Area, CalendarYear, work_calendar
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.unit import Unit, system_actor
from onewindow_shared.plumbing.workdays import WorkCalendar

SECONDS = 1.0
BETWEEN = 0.1
"""Seconds between two copies at least, for whoever did not find something in the first."""
_NO_COMMUNITY = (AreaKind.DISTRICT, AreaKind.STREET)


@dataclass(frozen=True)
class Snapshot:
    """The reference data at one moment."""

    offers: Mapping[str, Offer]
    """By item code, in its order."""
    communities: frozenset[str]
    calendar: WorkCalendar
    calendar_state: tuple[Any, ...]


def calendar_of(session: Session) -> WorkCalendar:
    """Return the district's calendar; until it has arrived, the published years that come with the suite."""
    calendar = work_calendar(session)
    return calendar if calendar.published else shipped_calendar()


def take(unit: Unit, before: Snapshot | None) -> Snapshot:
    """Read the reference data, keeping what cannot have changed since `before`."""
    session = unit.session
    state = tuple(session.execute(select(CalendarYear.year, CalendarYear.revision).order_by("year")).all())
    same = before is not None and before.calendar_state == state
    communities = session.scalars(select(Area.code).where(Area.kind.not_in(_NO_COMMUNITY)))
    return Snapshot(
        offers=_offers(session, before.offers if before else {}),
        communities=frozenset(communities),
        calendar=before.calendar if before and same else calendar_of(session),
        calendar_state=state,
    )


def _offers(session: Session, before: Mapping[str, Offer]) -> dict[str, Offer]:
    now = queries.published_now(session)
    known = {(code, offer.guide.version): offer for code, offer in before.items()}
    new = queries.guides(session, (name for name in now if name not in known))
    known |= {(guide.code, guide.version): offered(guide) for guide in new}
    return {code: known[code, number] for code, number in now}


class Reference:
    """Hands out a snapshot that is never older than `SECONDS`; one request at a time renews it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = asyncio.Lock()
        self._snapshot: Snapshot | None = None
        self._taken = 0.0

    async def current(self) -> Snapshot:
        """Return the copy, renewed if it is too old."""
        if self._snapshot is not None and self._age() < SECONDS:
            return self._snapshot
        async with self._lock:
            if self._snapshot is not None and self._age() < SECONDS:
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

    def _age(self) -> float:
        return asyncio.get_running_loop().time() - self._taken

    async def _renew(self) -> Snapshot:
        started = asyncio.get_running_loop().time()
        actor = system_actor(self._runtime.name)
        self._snapshot = await self._runtime.read(actor, take, self._snapshot)
        self._taken = started
        return self._snapshot
