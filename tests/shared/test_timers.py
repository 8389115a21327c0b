"""A timer fires once, late rather than never, and a failing one keeps no other waiting."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.timers import MAX_DELAY, Fired, Timer, TimerHandler, sweep
from onewindow_shared.plumbing.together import Together
from onewindow_shared.plumbing.unit import Unit
from shared.conftest import NewReplica
from shared.events import publish, waiting
from shared.sample import labels, thing
from testkit.api import FrozenClock


def fire(unit: Unit, entity: str, due_at: datetime) -> None:
    thing(unit, f"{entity} {due_at:%H:%M}")


def fail(unit: Unit, entity: str, due_at: datetime) -> None:
    fire(unit, entity, due_at)
    raise LookupError


def again(unit: Unit, entity: str, due_at: datetime) -> None:
    thing(unit, f"{entity} {due_at:%d}")
    unit.set_timer("again", entity, due_at + timedelta(days=1))


HANDLERS: dict[str, TimerHandler | Together] = {"fire": fire, "fail": fail, "again": again}


def sweeping(unit: Unit) -> int:
    return sweep(unit, HANDLERS)


def arm(unit: Unit, kind: str, entity: str, hours: float = 0) -> None:
    unit.set_timer(kind, entity, unit.now + timedelta(hours=hours))


def arm_many(unit: Unit, several: int) -> None:
    for n in range(several):
        arm(unit, "fire", f"{n}")


def left(unit: Unit) -> list[Timer]:
    return list(unit.session.scalars(select(Timer).order_by(Timer.id)))


async def test_a_timer_fires_when_it_is_due_and_not_before(runtime: Runtime, clock: FrozenClock) -> None:
    await runtime.system(arm, "fire", "a", hours=1)
    clock.pass_(minutes=59)
    assert await runtime.system(sweeping) == 0
    clock.pass_(minutes=1)
    assert await runtime.system(sweeping) == 1
    assert await runtime.system(sweeping) == 0
    assert await runtime.system(labels) == ["a 02:30"]


async def test_after_a_long_downtime_the_oldest_fires_first(runtime: Runtime, clock: FrozenClock) -> None:
    for entity, hours in (("late", 3), ("early", 1), ("middle", 2)):
        await runtime.system(arm, "fire", entity, hours=hours)
    clock.pass_(days=400)
    await runtime.system(sweeping)
    assert await runtime.system(labels) == ["early 02:30", "middle 03:30", "late 04:30"]


async def test_a_backlog_is_swept_a_hundred_at_a_time(runtime: Runtime) -> None:
    await runtime.system(arm_many, 130)
    assert [await runtime.system(sweeping) for _ in range(3)] == [100, 30, 0]
    assert len(await runtime.system(labels)) == 130


async def test_two_sweepers_fire_each_timer_once(new_replica: NewReplica) -> None:
    replicas = [new_replica() for _ in range(2)]
    await replicas[0].system(arm_many, 150)
    for _ in range(3):
        await asyncio.gather(*(replica.system(sweeping) for replica in replicas))
    assert len(await replicas[0].system(labels)) == 150
    assert await replicas[0].system(left) == []


class Slices:
    """A handler of all timers that come one after the other; it cannot bear the entity `bad`."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []

    def __call__(self, unit: Unit, fired: Sequence[Fired]) -> None:
        self.seen.append([entity for entity, _ in fired])
        for entity, due_at in fired:
            fire(unit, entity, due_at)
        if "bad" in self.seen[-1]:
            raise LookupError


async def test_timers_of_a_kind_that_fall_due_together_are_handled_together(
    runtime: Runtime, clock: FrozenClock
) -> None:
    slices = Slices()
    for entity, kind, hours in (("late", "all", 3), ("one", "all", 1), ("two", "all", 1), ("x", "fire", 2)):
        await runtime.system(arm, kind, entity, hours=hours)
    clock.pass_(days=1)
    assert await runtime.system(sweep, HANDLERS | {"all": Together(slices)}) == 4
    assert slices.seen == [["one", "two"], ["late"]]
    assert await runtime.system(labels) == ["one 02:30", "two 02:30", "x 03:30", "late 04:30"]
    assert await runtime.system(left) == []


async def test_of_timers_handled_together_a_failing_one_spoils_no_other(
    runtime: Runtime, clock: FrozenClock
) -> None:
    slices = Slices()
    for entity in ("a", "bad", "z"):
        await runtime.system(arm, "all", entity)
    assert await runtime.system(sweep, {"all": Together(slices)}) == 3
    assert slices.seen == [["a", "bad", "z"], ["a"], ["bad"], ["z"]]
    assert await runtime.system(labels) == ["a 01:30", "z 01:30"]
    assert [(timer.entity_id, timer.tries) for timer in await runtime.system(left)] == [("bad", 1)]


async def test_what_a_failing_timer_noted_of_its_transaction_is_forgotten(runtime: Runtime) -> None:
    noted: dict[str, bool] = {}

    def noting(unit: Unit, entity: str, _due_at: datetime) -> None:
        noted[entity] = "lock" in unit.session.info
        unit.session.info["lock"] = True
        if entity == "bad":
            raise LookupError

    for entity in ("bad", "good"):
        await runtime.system(arm, "note", entity)
    await runtime.system(sweep, {"note": noting})
    assert noted == {"bad": False, "good": False}, "a lock goes with the savepoint after which it was taken"


async def test_a_timer_set_again_moves(runtime: Runtime, clock: FrozenClock) -> None:
    await runtime.system(arm, "fire", "a", hours=1)
    await runtime.system(arm, "fire", "a", hours=5)
    clock.pass_(hours=4)
    assert await runtime.system(sweeping) == 0
    clock.pass_(hours=1)
    await runtime.system(sweeping)
    assert await runtime.system(labels) == ["a 06:30"]


async def test_a_cancelled_timer_never_fires(runtime: Runtime, clock: FrozenClock) -> None:
    await runtime.system(arm, "fire", "a")
    await runtime.system(arm, "fire", "b")
    await runtime.system(lambda unit: unit.cancel_timer("fire", "a"))
    await runtime.system(lambda unit: unit.cancel_timer("fire", "unknown"))
    await runtime.system(sweeping)
    assert await runtime.system(labels) == ["b 01:30"]


async def test_a_failing_timer_keeps_nothing_of_its_work_and_no_other_waiting(
    runtime: Runtime, clock: FrozenClock
) -> None:
    await runtime.system(arm, "fail", "a")
    await runtime.system(arm, "fire", "b")
    assert await runtime.system(sweeping) == 2
    assert await runtime.system(labels) == ["b 01:30"]
    assert await runtime.system(sweeping) == 0, "it waits before it is tried again"


async def test_what_a_failing_timer_told_is_told_to_nobody(runtime: Runtime, clock: FrozenClock) -> None:
    def telling(unit: Unit, entity: str, due_at: datetime) -> None:
        publish(unit, (entity, 1))
        unit.audit("timer.fired", "thing", entity)
        arm(unit, "fire", entity)
        if entity == "bad":
            raise LookupError

    await runtime.system(arm, "tell", "bad")
    await runtime.system(arm, "tell", "good")
    assert await runtime.system(sweep, {"tell": telling}) == 2
    told = await runtime.system(lambda unit: unit.session.scalars(select(AuditRecord.entity_id)).all())
    assert told == ["good"]
    assert await runtime.system(waiting, "left") == 1
    assert [(timer.kind, timer.entity_id) for timer in await runtime.system(left)] == [
        ("tell", "bad"),
        ("fire", "good"),
    ]


async def test_a_timer_that_is_set_and_cancelled_at_once_never_fires(
    runtime: Runtime, clock: FrozenClock
) -> None:
    def undecided(unit: Unit) -> None:
        arm(unit, "fire", "a")
        arm(unit, "fire", "a", hours=1)
        arm(unit, "fire", "b")
        unit.cancel_timer("fire", "a")

    await runtime.system(undecided)
    assert [timer.entity_id for timer in await runtime.system(left)] == ["b"]


async def test_a_failing_timer_is_tried_ever_more_seldom_and_knows_when_it_was_due(
    runtime: Runtime, clock: FrozenClock
) -> None:
    await runtime.system(arm, "fail", "a")
    due_at, waits = clock(), []
    for _ in range(14):
        await runtime.system(sweeping)
        timer = (await runtime.system(left))[0]
        assert timer.due_at == due_at
        waits.append(timer.try_at - clock())
        clock.now = timer.try_at
    assert [wait.total_seconds() for wait in waits[:3]] == [2, 4, 8]
    assert waits[-1] == MAX_DELAY


async def test_a_timer_that_failed_for_weeks_still_keeps_no_other_waiting(
    runtime: Runtime, clock: FrozenClock
) -> None:
    await runtime.system(arm, "fail", "a")
    await runtime.system(lambda unit: unit.session.execute(update(Timer).values(tries=60)))
    await runtime.system(arm, "fire", "b")
    assert await runtime.system(sweeping) == 2
    assert await runtime.system(labels) == ["b 01:30"]
    assert [(t.tries, t.try_at) for t in await runtime.system(left)] == [(61, clock() + MAX_DELAY)]


async def test_a_failing_timer_that_is_set_again_starts_afresh(runtime: Runtime, clock: FrozenClock) -> None:
    await runtime.system(arm, "fail", "a")
    await runtime.system(sweeping)
    await runtime.system(arm, "fail", "a", hours=1)
    assert [timer.tries for timer in await runtime.system(left)] == [0]


def cancels(unit: Unit, entity: str, due_at: datetime) -> None:
    unit.cancel_timer("fire", "a")


def moves(unit: Unit, entity: str, due_at: datetime) -> None:
    arm(unit, "fire", "a", hours=2)


@pytest.mark.parametrize(("handler", "later"), [(cancels, []), (moves, ["a 03:30"])])
async def test_what_an_earlier_timer_of_the_sweep_cancels_or_moves_does_not_fire_in_it(
    runtime: Runtime, clock: FrozenClock, handler: TimerHandler, later: list[str]
) -> None:
    await runtime.system(arm, "first", "x")
    clock.pass_(seconds=1)
    await runtime.system(arm, "fire", "a")
    clock.pass_(seconds=1)
    handlers = HANDLERS | {"first": handler}
    await runtime.system(sweep, handlers)
    assert await runtime.system(labels) == []
    clock.pass_(hours=2)
    await runtime.system(sweep, handlers)
    assert await runtime.system(labels) == later


async def test_a_handler_may_set_its_own_timer_again(runtime: Runtime, clock: FrozenClock) -> None:
    await runtime.system(arm, "again", "a")
    for _ in range(3):
        await runtime.system(sweeping)
        clock.pass_(days=1)
    assert await runtime.system(labels) == ["a 23", "a 24", "a 25"]


async def test_a_kind_that_nobody_handles_waits_for_who_does(runtime: Runtime) -> None:
    await runtime.system(arm, "unknown", "a")
    assert await runtime.system(sweeping) == 0
    assert len(await runtime.system(left)) == 1


async def test_a_timer_is_set_only_with_what_it_belongs_to(runtime: Runtime) -> None:
    def failing(unit: Unit) -> None:
        arm(unit, "fire", "a")
        raise LookupError

    with pytest.raises(LookupError):
        await runtime.system(failing)
    assert await runtime.system(left) == []
