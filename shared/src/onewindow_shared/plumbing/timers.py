"""Timers are rows with a due time, swept by a ticker; each fires once, however long the service was down.

A timer and its effect are one transaction. Sweepers of several replicas skip each other's rows.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Index, Row, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, PlumbingBase

if TYPE_CHECKING:
    from onewindow_shared.plumbing.unit import Unit

SWEPT_AT_ONCE = 100
KEY = ("kind", "entity_id")
"""What there is one timer of."""
MAX_DELAY = timedelta(hours=1)
log = structlog.get_logger()

TimerHandler = Callable[["Unit", str, datetime], None]
"""Called with the entity and the moment the timer was due, which may be long past."""


class Timer(PlumbingBase):
    """Something that falls due for one entity."""

    __tablename__ = "timers"
    __table_args__ = (
        Index("uq_timers_kind_entity_id", "kind", "entity_id", unique=True),
        Index("ix_timers_try_at", "try_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)


def anything_due(unit: "Unit", handlers: Mapping[str, TimerHandler]) -> bool:
    """Say whether there is anything to fire."""
    due = select(Timer.id).where(Timer.try_at <= unit.now, Timer.kind.in_(handlers))
    return unit.session.scalar(due.limit(1)) is not None


def sweep(unit: "Unit", handlers: Mapping[str, TimerHandler]) -> int:
    """Fire what is due, oldest first; return how many were looked at. A failing one is tried again later.

    What an earlier one of the sweep has cancelled or moved does not fire.
    """
    due = unit.session.execute(
        select(Timer.id, Timer.kind, Timer.entity_id, Timer.due_at, Timer.try_at, Timer.tries)
        .where(Timer.try_at <= unit.now, Timer.kind.in_(handlers))
        .order_by(Timer.try_at)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for timer in due:
        _fire(unit, timer, handlers[timer.kind])
    return len(due)


def _fire(unit: "Unit", timer: Row[int, str, str, datetime, datetime, int], handler: TimerHandler) -> None:
    as_it_was = delete(Timer).where(Timer.id == timer.id, Timer.try_at == timer.try_at).returning(Timer.id)
    try:
        with unit.session.begin_nested():
            if unit.session.scalar(as_it_was.execution_options(synchronize_session=False)) is not None:
                handler(unit, timer.entity_id, timer.due_at)
                unit.flush()
    except Exception:
        unit.forget()
        log.exception("timer failed", kind=timer.kind, entity_id=timer.entity_id)
        tries = timer.tries + 1
        later = update(Timer).where(Timer.id == timer.id).values(tries=tries, try_at=unit.now + _delay(tries))
        unit.session.execute(later.execution_options(synchronize_session=False))


def _delay(tries: int) -> timedelta:
    """Wait twice as long after each try; bounded, since no `timedelta` holds 2**47 seconds."""
    return min(MAX_DELAY, timedelta(seconds=2 ** min(tries, 16)))
