"""What a service does by itself while it runs: sweep timers, seal the audit, fold rollups, tidy up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog
from sqlalchemy import delete

from onewindow_shared.plumbing import audit, rollups, timers
from onewindow_shared.plumbing.idempotency import IdempotencyRecord
from onewindow_shared.plumbing.inbox import InboxRecord
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.timers import TimerHandlers, sweep
from onewindow_shared.plumbing.unit import Unit, system_actor

SECONDS = 1.0
TIDY_SECONDS = 3600.0
KEYS_KEPT = timedelta(days=3)
INBOX_KEPT = timedelta(days=60)
log = structlog.get_logger()

Job = Callable[[], Awaitable[int]]
"""Does a bounded piece of work and says how much there was; it is called again at once while there is."""


async def every(seconds: float, name: str, job: Job) -> None:
    """Run a job for ever; its failure is logged and tried again next time."""
    while True:
        try:
            while await job():
                pass
        except Exception:
            log.exception("job failed", job=name)
        await asyncio.sleep(seconds)


def if_needed(runtime: Runtime, needed: Callable[[Unit], bool], work: Callable[[Unit], int]) -> Job:
    """Return a job that looks before it writes, so that an idle service leaves its writers alone."""

    async def job() -> int:
        there_is = await runtime.read(system_actor(runtime.name), needed)
        return await runtime.system(work) if there_is else 0

    return job


def tidying(unit: Unit) -> int:
    """Forget answers and event ids that nobody can repeat any more."""
    old_keys = delete(IdempotencyRecord).where(IdempotencyRecord.created_at < unit.now - KEYS_KEPT)
    old_ids = delete(InboxRecord).where(InboxRecord.received_at < unit.now - INBOX_KEPT)
    for statement in (old_keys, old_ids):
        unit.session.execute(statement.execution_options(synchronize_session=False))
    return 0


async def tick(runtime: Runtime, handlers: TimerHandlers, jobs: Mapping[str, Job]) -> None:
    """Run all of a service's own jobs until cancelled."""
    sweeping = if_needed(runtime, lambda u: timers.anything_due(u, handlers), lambda u: sweep(u, handlers))
    sealing = if_needed(runtime, lambda u: audit.unsealed(u.session), lambda u: audit.seal(u.session))
    folding = if_needed(runtime, lambda u: rollups.unfolded(u.session), lambda u: rollups.fold(u.session))
    async with asyncio.TaskGroup() as group:
        group.create_task(every(SECONDS, "timers", sweeping))
        group.create_task(every(SECONDS, "audit", sealing))
        group.create_task(every(SECONDS, "rollups", folding))
        for name, job in jobs.items():
            group.create_task(every(SECONDS, name, job))
        group.create_task(every(TIDY_SECONDS, "tidy", lambda: runtime.system(tidying)))
