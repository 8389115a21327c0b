"""A unit of work: everything a use case may touch, and one transaction for all of it.

A use case takes a `Unit` and plain values, asks rules, changes rows and says what happened. It never
commits, never calls the network and never reads the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.events import Payload
from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.outbox import OutboxRecord, outbox_rows
from onewindow_shared.plumbing.paging import Cursors
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.rollups import RollupDelta
from onewindow_shared.plumbing.scope import EVERYTHING, NOTHING, Scope, place
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.timers import Timer


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
    published: list[Payload] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The district's calendar day at `now`."""
        return self.now.astimezone(self.zone).date()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`, for the few statements that differ."""
        return self.session.get_bind().dialect.name

    def publish(self, event: Payload) -> None:
        """Send `event` to its subscribers if, and only if, this transaction commits."""
        self.published.append(event)
        rows = outbox_rows(event, source=self.service, now=self.now)
        self.session.add_all(OutboxRecord(**row) for row in rows)

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
        """Write down who did what; `detail` holds codes and states, never personal data."""
        self.session.add(
            AuditRecord(
                at=self.now,
                actor=self.actor.subject,
                roles=sorted(self.actor.roles),
                action=action,
                entity_type=entity_type,
                entity_id=entity_id,
                area=area,
                reason=reason,
                request_id=self.actor.request_id,
                detail=dict(detail or {}),
            )
        )

    def count(
        self, metric: Metric, n: int = 1, *, community: str, day: date | None = None, item: str = ""
    ) -> None:
        """Add `n` to a metric of a community on a day (today unless given)."""
        self.session.add(
            RollupDelta(metric=metric, day=day or self.today, item=item, n=n, **place(community))
        )

    def set_timer(self, kind: str, entity_id: str, due_at: datetime) -> None:
        """Have the service's timer handler `kind` run once for the entity, at or after `due_at`."""
        timer = self.session.scalar(select(Timer).where(Timer.kind == kind, Timer.entity_id == entity_id))
        if timer is None:
            self.session.add(Timer(kind=kind, entity_id=entity_id, due_at=due_at, try_at=due_at))
        else:
            timer.due_at = timer.try_at = due_at
            timer.tries = 0

    def cancel_timer(self, kind: str, entity_id: str) -> None:
        """Forget a timer; nothing happens if there is none."""
        self.session.execute(delete(Timer).where(Timer.kind == kind, Timer.entity_id == entity_id))
