"""A row of the outbox is one relay's at a time, keeps its place in its key, and is never lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from onewindow_shared.plumbing.outbox import OutboxRecord
from onewindow_shared.plumbing.relay import BATCH, LEASE, MAX_WAIT, Claimed, Outcome, claim, replay, settle
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.unit import Unit
from shared.events import MAX_TRIES, dead, leased, publish, waiting
from shared.sample import Happened, thing
from testkit.api import FrozenClock


def take(unit: Unit, lease: str) -> list[Claimed]:
    return claim(unit.session, "left", lease, unit.now)


def say(unit: Unit, lease: str, batch: list[Claimed], outcome: str) -> None:
    tell(unit, lease, batch, *(Outcome.model_validate({"id": r.event_id, "outcome": outcome}) for r in batch))


def tell(unit: Unit, lease: str, batch: list[Claimed], *said: Outcome, max_tries: int = MAX_TRIES) -> None:
    settle(unit.session, lease, batch, said, now=unit.now, max_tries=max_tries)


def keys(batch: list[Claimed]) -> list[tuple[str, int]]:
    found = [Happened.model_validate_json(row.body.partition('"data":')[2][:-1]) for row in batch]
    return [(happened.what, happened.n) for happened in found]


async def test_an_event_is_kept_only_with_what_it_tells_of(runtime: Runtime) -> None:
    def failing(unit: Unit) -> None:
        thing(unit, "one")
        publish(unit, ("a", 1))
        unit.session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        await runtime.system(failing)
    assert await runtime.system(waiting) == 0
    await runtime.system(publish, ("a", 1))
    assert [await runtime.system(waiting, who) for who in ("left", "right")] == [1, 1]


async def test_nobody_is_told_what_they_said_themselves(runtime: Runtime) -> None:
    runtime.name = "left"
    await runtime.system(publish, ("a", 1))
    assert [await runtime.system(waiting, who) for who in ("left", "right")] == [0, 1]


async def test_what_one_relay_holds_no_other_takes_until_the_lease_is_over(
    runtime: Runtime, clock: FrozenClock
) -> None:
    await runtime.system(publish, ("a", 1), ("b", 1))
    assert keys(await runtime.system(take, "first")) == [("a", 1), ("b", 1)]
    clock.now += LEASE - timedelta(seconds=1)
    assert await runtime.system(take, "second") == []
    clock.now += timedelta(seconds=1)
    assert keys(await runtime.system(take, "second")) == [("a", 1), ("b", 1)]


@pytest.mark.parametrize("late", ["done", "failed", "held"])
async def test_the_late_word_of_a_slow_relay_changes_nothing(
    runtime: Runtime, clock: FrozenClock, late: str
) -> None:
    await runtime.system(publish, ("a", 1))
    slow = await runtime.system(take, "slow")
    clock.now += LEASE
    quick = await runtime.system(take, "quick")
    await runtime.system(say, "slow", slow, late)
    assert await runtime.system(leased) == 1
    await runtime.system(say, "quick", quick, "done")
    assert await runtime.system(waiting) == 0
    assert await runtime.system(dead) == []


async def test_an_event_waits_for_the_earlier_ones_of_its_key_and_for_no_other(
    runtime: Runtime, clock: FrozenClock
) -> None:
    await runtime.system(publish, ("a", 1))
    first = await runtime.system(take, "first")
    await runtime.system(publish, ("a", 2), ("b", 1))
    assert keys(await runtime.system(take, "second")) == [("b", 1)]
    await runtime.system(say, "first", first, "failed")
    assert await runtime.system(take, "third") == [], "the first of its key waits to be tried again"
    clock.now += timedelta(seconds=1)
    assert keys(await runtime.system(take, "fourth")) == [("a", 1), ("a", 2)]


async def test_what_was_held_back_is_free_at_once_and_nothing_is_counted(runtime: Runtime) -> None:
    await runtime.system(publish, ("a", 1))
    for lease in range(MAX_TRIES + 1):
        batch = await runtime.system(take, str(lease))
        assert [row.tries for row in batch] == [0]
        await runtime.system(say, str(lease), batch, "held")


async def test_an_event_that_the_subscriber_says_nothing_of_has_failed(runtime: Runtime) -> None:
    await runtime.system(publish, ("a", 1))
    batch = await runtime.system(take, "lease")
    await runtime.system(tell, "lease", batch)
    assert await runtime.system(take, "again") == []
    assert await runtime.system(waiting) == 1


async def test_the_waits_grow_up_to_a_limit(runtime: Runtime, clock: FrozenClock) -> None:
    await runtime.system(publish, ("a", 1))
    waits = []
    for attempt in range(12):
        batch = await runtime.system(take, str(attempt))
        outcome = Outcome(id=batch[0].event_id, outcome="failed")
        await runtime.system(tell, str(attempt), batch, outcome, max_tries=99)
        try_at = await runtime.system(
            lambda unit: unit.session.scalars(
                select(OutboxRecord.try_at).where(OutboxRecord.destination == "left")
            ).one()
        )
        waits.append(try_at - clock())
        clock.now = try_at
    assert [wait.total_seconds() for wait in waits[:4]] == [1, 2, 4, 8]
    assert waits == sorted(waits)
    assert waits[-1] == MAX_WAIT


async def test_after_enough_tries_an_event_is_buried_with_its_reason_and_can_be_sent_again(
    runtime: Runtime, clock: FrozenClock
) -> None:
    await runtime.system(publish, ("a", 1), ("a", 2))
    for attempt in range(MAX_TRIES):
        batch = await runtime.system(take, str(attempt))
        failed = Outcome(id=batch[0].event_id, outcome="failed", reason="ValueError")
        held = Outcome(id=batch[1].event_id, outcome="held")
        await runtime.system(tell, str(attempt), batch, failed, held)
        clock.now += MAX_WAIT
    buried = await runtime.system(dead)
    assert [(letter.key, letter.tries, letter.reason) for letter in buried] == [
        ("a", MAX_TRIES, "ValueError")
    ]
    assert keys(await runtime.system(take, "next")) == [("a", 2)], "the later ones of its key go on"

    assert await runtime.system(lambda unit: replay(unit.session, unit.now)) == 1
    assert await runtime.system(dead) == []
    clock.now += LEASE
    again = await runtime.system(take, "replayed")
    assert keys(again) == [("a", 2), ("a", 1)]
    assert again[1].event_id == buried[0].event_id
    assert again[1].tries == 0


async def test_a_batch_has_at_most_two_hundred_events(runtime: Runtime) -> None:
    await runtime.system(publish, *(("a" if n % 2 else "b", n) for n in range(BATCH + 50)))
    batch = await runtime.system(take, "first")
    assert [n for _, n in keys(batch)] == list(range(BATCH))
    assert await runtime.system(take, "second") == [], "the rest waits for its keys"
    await runtime.system(say, "first", batch, "done")
    assert [n for _, n in keys(await runtime.system(take, "third"))] == list(range(BATCH, BATCH + 50))
