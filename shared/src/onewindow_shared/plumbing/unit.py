"""A unit of work: everything a use case may touch, and one transaction for all of it.

A use case takes a `Unit` and plain values, asks rules, changes rows and says what happened. It never
commits, never calls the network and never reads the clock.

What it publishes, audits, counts and times are plain rows: they are written at its end, a table at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, delete
from sqlalchemy.orm import Session

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import Payload
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing import audit, bulk
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.outbox import OutboxRecord, outbox_rows
from onewindow_shared.plumbing.paging import Cursors
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.problems import Problem
from onewindow_shared.plumbing.rollups import Facets, RollupDelta, delta
from onewindow_shared.plumbing.scope import EVERYTHING, NOTHING, Scope, place
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.succession import NO_SUCCESSION, Gathered, Succession
from onewindow_shared.plumbing.timers import KEY, Timer

OUTBOX, AUDIT, DELTAS, TIMERS = map(bulk.table_of, (OutboxRecord, AuditRecord, RollupDelta, Timer))

_NAMED = tuple(f"the_{name}" for name in KEY)
_CANCELLED = delete(TIMERS).where(
    *(TIMERS.c[name] == bindparam(named) for name, named in zip(KEY, _NAMED, strict=True))
)


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in person or client, nobody, or the system itself."""

    subject: str
    name: str
    roles: frozenset[Role]
    scope: Scope
    area: str | None = None
    department: str | None = None
    organisation: str | None = None
    phone_proof: str | None = None
    request_id: str = "-"


def system_actor(service: str, request_id: str = "-") -> Actor:
    """The service acting by itself: timers, events, seeds."""
    return Actor(f"system:{service}", service, frozenset(), EVERYTHING, request_id=request_id)


def anonymous(request_id: str) -> Actor:
    """Somebody who has not signed in; reaches no scoped row."""
    return Actor("anonymous", "", frozenset(), NOTHING, request_id=request_id)


class NotedError(Exception):
    """A problem that is told, and a note of it that is kept although the request changes nothing else."""

    def __init__(self, problem: Problem, note: "Callable[[Unit], None]") -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.note = note


@dataclass
class Unit:
    """One transaction of one actor at one instant."""

    session: Session
    actor: Actor
    now: datetime
    zone: ZoneInfo
    service: str
    vault: Vault
    cursors: Cursors
    settings: ServiceSettings
    heirs: Succession = NO_SUCCESSION
    published: list[Payload] = field(default_factory=list)
    _rows: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)
    _timers: dict[tuple[str, str], dict[str, Any] | None] = field(default_factory=dict)
    """What becomes of timers by kind and entity; None of those that are cancelled."""

    @property
    def today(self) -> date:
        """The district's calendar day at `now`."""
        return self.now.astimezone(self.zone).date()

    def heir(self, area: str) -> str:
        """Return the area that stands for this one today: itself while it has not ended."""
        return self.heirs.heir(area, self.today)

    def gathered(self, area: str) -> Gathered:
        """Return what belongs to an area today, and of one that has ended, to its heir."""
        return self.heirs.gathered(area, self.today)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`, for the few statements that differ."""
        return self.session.get_bind().dialect.name

    def add(self, table: Table, *rows: dict[str, Any]) -> None:
        """Have plain rows of a table written when this unit is flushed; all have the same columns."""
        self._rows.setdefault(table, []).extend(rows)

    def publish(self, event: Payload) -> None:
        """Send `event` to its subscribers if, and only if, this transaction commits."""
        self.published.append(event)
        self.add(OUTBOX, *outbox_rows(event, source=self.service, now=self.now))

    def audit(
        self,
        action: str,
        entity_type: str,
        entity_id: str,
        *,
        area: str | None = None,
        reason: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down who did what; `detail` holds codes and states, never personal data.

        The reason may be free words: it is sealed.
        """
        record = {
            "at": self.now,
            "actor": self.actor.subject,
            "roles": sorted(self.actor.roles),
            "action": action,
            "entity_type": entity_type,
            "entity_id": entity_id,
            "area": area,
            "reason_sealed": self.vault.sealed(reason, purpose=audit.PURPOSE),
            "reason_mark": audit.mark(self.vault, reason),
            "request_id": self.actor.request_id,
            "detail": dict(detail or {}),
        }
        self.add(AUDIT, record)

    def count(
        self,
        metric: Metric,
        n: int = 1,
        *,
        community: str,
        day: date | None = None,
        item: str = "",
        by: Facets | None = None,
    ) -> None:
        """Add `n` to a metric of a community on a day (today unless given), by its item or all its facets."""
        self.add(DELTAS, delta(metric, day or self.today, by or Facets(item), n, place(community)))

    def set_timer(self, kind: str, entity_id: str, due_at: datetime) -> None:
        """Have the service's timer handler `kind` run once for the entity, at or after `due_at`."""
        row = {"kind": kind, "entity_id": entity_id, "due_at": due_at, "try_at": due_at, "tries": 0}
        self._timers[kind, entity_id] = row

    def cancel_timer(self, kind: str, entity_id: str) -> None:
        """Forget a timer; nothing happens if there is none."""
        self._timers[kind, entity_id] = None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Keep what is done meanwhile as a whole or, where it raises, nothing of it, and go on."""
        self.flush()
        noted = dict(self.session.info)
        try:
            with self.session.begin_nested():
                yield
                self.flush()
        except Exception:
            self._rows, self._timers = {}, {}
            self.session.info.clear()
            self.session.info.update(noted)
            raise

    def flush(self) -> None:
        """Write everything that this unit has gathered."""
        self.session.flush()
        rows, timers = self._rows, self._timers
        if not rows and not timers:
            return
        self._rows, self._timers = {}, {}
        connection = self.session.connection()
        if moved := [row for row in timers.values() if row]:
            rows[TIMERS] = moved
        bulk.insert_all(connection, rows, {TIMERS: KEY})
        cancelled = [dict(zip(_NAMED, key, strict=True)) for key, row in timers.items() if row is None]
        if cancelled:
            connection.execute(_CANCELLED, cancelled)
