"""Timers are rows with a due time, swept by a ticker; each fires once, however long the service was down.

A timer and its effect are one transaction. Sweepers of several replicas skip each other's rows.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Index, Row, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from onewindow_shared.plumbing.database import UtcDateTime
from onewindow_shared.plumbing.tables import BigKey, PlumbingBase
from onewindow_shared.plumbing.together import Together

if TYPE_CHECKING:
    from onewindow_shared.plumbing.unit import Unit

SWEPT_AT_ONCE = 100
KEY = ("kind", "entity_id")
"""What there is one timer of."""
MAX_DELAY = timedelta(hours=1)
log = structlog.get_logger()

TimerHandler = Callable[["Unit", str, datetime], None]
"""Called with the entity and the moment the timer was due, which may be long past."""
Fired = tuple[str, datetime]
"""The entity, and the moment its timer was due."""
_Handle = Callable[["Unit", Sequence[Fired]], None]
TimerHandlers = Mapping[str, TimerHandler | Together]
"""What a service does with each kind of timer that it sets; those handled together come as `Fired`."""
_Row = Row[int, str, str, datetime, datetime, int]


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


def anything_due(unit: "Unit", handlers: TimerHandlers) -> bool:
    """Say whether there is anything to fire."""
    due = select(Timer.id).where(Timer.try_at <= unit.now, Timer.kind.in_(handlers))
    return unit.session.scalar(due.limit(1)) is not None


def sweep(unit: "Unit", handlers: TimerHandlers) -> int:
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
    in_order = sorted(due, key=lambda timer: (timer.try_at, timer.kind))
    for kind, timers in groupby(in_order, key=lambda timer: timer.kind):
        handler = handlers[kind]
        if isinstance(handler, Together):
            _fire(unit, list(timers), handler.handle)
        else:
            for timer in timers:
                _fire(unit, [timer], _alone(handler))
    return len(due)


def _alone(handler: TimerHandler) -> _Handle:
    def handle(unit: "Unit", fired: Sequence[Fired]) -> None:
        for entity_id, due_at in fired:
            handler(unit, entity_id, due_at)

    return handle


def _fire(unit: "Unit", timers: Sequence[_Row], handle: _Handle) -> None:
    try:
        with unit.attempt():
            if fired := _taken(unit, timers):
                handle(unit, fired)
    except Exception:
        if len(timers) == 1:
            log.exception("timer failed", kind=timers[0].kind, entity_id=timers[0].entity_id)
            _try_later(unit, timers[0])
            return
        log.warning("timers fired one by one", kind=timers[0].kind, several=len(timers), exc_info=True)
        for timer in timers:
            _fire(unit, [timer], handle)


def _taken(unit: "Unit", timers: Sequence[_Row]) -> list[Fired]:
    """Take those timers that nobody has cancelled or moved to later since they were found."""
    taken = delete(Timer).where(Timer.id.in_([timer.id for timer in timers]), Timer.try_at <= unit.now)
    found = unit.session.execute(
        taken.returning(Timer.id, Timer.due_at), execution_options={"synchronize_session": False}
    )
    due_at = dict(found.all())
    return [(timer.entity_id, due_at[timer.id]) for timer in timers if timer.id in due_at]


def _try_later(unit: "Unit", timer: _Row) -> None:
    tries = timer.tries + 1
    later = update(Timer).where(Timer.id == timer.id).values(tries=tries, try_at=unit.now + _delay(tries))
    unit.session.execute(later.execution_options(synchronize_session=False))


def _delay(tries: int) -> timedelta:
    """Wait twice as long after each try; bounded, since no `timedelta` holds 2**47 seconds."""
    return min(MAX_DELAY, timedelta(seconds=2 ** min(tries, 16)))
