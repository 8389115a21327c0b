"""What a service does by itself goes on, whatever fails."""

import asyncio
from contextlib import suppress
from itertools import pairwise

from sqlalchemy import func, select

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.rollups import Rollup
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.ticker import every, tick
from onewindow_shared.plumbing.unit import Unit
from shared.sample import labels
from shared.test_timers import HANDLERS, arm
from testkit.api import XIAN


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_job_runs_again_at_once_while_there_is_work_and_again_later_after_a_failure() -> None:
    answers: list[int | Exception] = [3, 1, 0, LookupError(), 0, 0]
    calls: list[float] = []

    async def job() -> int:
        calls.append(asyncio.get_running_loop().time())
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    task = asyncio.create_task(every(0.2, "job", job))
    async with asyncio.timeout(2):
        while answers:  # noqa: ASYNC110 - the job knows no event
            await asyncio.sleep(0.005)
    await stopped(task)
    gaps = [after - before for before, after in pairwise(calls)]
    assert [gap > 0.15 for gap in gaps] == [False, False, True, True, True]


async def test_timers_audit_and_counters_are_looked_after(runtime: Runtime) -> None:
    def work(unit: Unit) -> None:
        arm(unit, "fire", "a")
        unit.audit("a.b", "thing", "1")
        unit.count(Metric.CASES_RECEIVED, community=XIAN)

    def done(unit: Unit) -> bool:
        sealed = unit.session.scalar(select(func.count(AuditRecord.position)))
        folded = unit.session.scalar(select(func.sum(Rollup.n)))
        return bool(sealed and folded and labels(unit))

    await runtime.system(work)
    task = asyncio.create_task(tick(runtime, HANDLERS, {}))
    async with asyncio.timeout(5):
        while not await runtime.system(done):  # noqa: ASYNC110 - the ticker tells nobody
            await asyncio.sleep(0.01)
    await stopped(task)
