"""Everything published arrives, in the order of its key, whoever fails and however many relays there are."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onewindow_shared.plumbing import relay as relay_module
from onewindow_shared.plumbing.relay import Outcome, Relay, Unreachable, claim
from onewindow_shared.plumbing.runtime import Runtime
from shared.conftest import NewReplica
from shared.events import MAX_TRIES, Subscriber, dead, leased, publish, relay_of, waiting
from testkit.api import FrozenClock


async def drained(runtime: Runtime, clock: FrozenClock, *relays: Relay) -> None:
    """Let the relays work side by side until nothing waits; time passes when all of them are idle."""
    while await runtime.system(waiting):
        moved = await asyncio.gather(*(relay.step("left") for relay in relays), return_exceptions=True)
        broken = [what for what in moved if isinstance(what, Exception) and not isinstance(what, Unreachable)]
        assert not broken, broken
        if not any(isinstance(what, int) and what for what in moved):
            clock.pass_(minutes=6)


@settings(max_examples=15)
@given(
    events=st.lists(st.sampled_from("abc"), min_size=1, max_size=25),
    seed=st.integers(0, 10_000),
    trouble=st.sampled_from((0.0, 0.2, 0.5)),
)
async def test_two_relays_keep_the_order_of_each_key_whatever_fails(
    new_replica: NewReplica, clock: FrozenClock, events: list[str], seed: int, trouble: float
) -> None:
    noise = random.Random(seed)
    subscriber = Subscriber(
        fails=lambda *_: noise.random() < trouble, down=lambda _: noise.random() < trouble / 2
    )
    runtimes = [new_replica() for _ in range(2)]
    for n, what in enumerate(events):
        await runtimes[n % 2].system(publish, (what, n))
    await drained(runtimes[0], clock, *(relay_of(runtime, subscriber, 99) for runtime in runtimes))
    for key in set(events):
        expected = [(what, n) for n, what in enumerate(events) if what == key]
        assert [one for one in subscriber.applied if one[0] == key] == expected
    for runtime in runtimes:
        await runtime.database.close()


async def test_an_event_that_always_fails_is_buried_and_its_key_goes_on(
    runtime: Runtime, clock: FrozenClock
) -> None:
    subscriber = Subscriber(fails=lambda what, n: (what, n) == ("a", 1))
    await runtime.system(publish, ("a", 0), ("a", 1), ("a", 2), ("b", 0))
    await drained(runtime, clock, relay_of(runtime, subscriber))
    assert sorted(subscriber.applied) == [("a", 0), ("a", 2), ("b", 0)]
    assert [(letter.key, letter.tries) for letter in await runtime.system(dead)] == [("a", MAX_TRIES)]


async def test_a_subscriber_that_is_down_costs_no_event_a_try(runtime: Runtime, clock: FrozenClock) -> None:
    relay = relay_of(runtime, Subscriber(down=lambda _: True))
    await runtime.system(publish, ("a", 1))
    for _ in range(MAX_TRIES * 2):
        with pytest.raises(Unreachable):
            await relay.step("left")
    batch = await runtime.system(lambda unit: claim(unit.session, "left", "lease", unit.now))
    assert [row.tries for row in batch] == [0]


@pytest.fixture
def _no_safety_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it only being woken makes a relay look."""
    monkeypatch.setattr(relay_module, "NET_SECONDS", 600)


@pytest.mark.usefixtures("_no_safety_net")
async def test_a_destination_that_is_down_delays_no_other(runtime: Runtime) -> None:
    subscriber = Subscriber(down=lambda destination: destination == "left")
    relay = relay_of(runtime, subscriber)
    await runtime.system(publish, *(("a", n) for n in range(5)))
    async with running(relay):
        relay.wake()
        await until(lambda: len(subscriber.applied) == 5)
        while await runtime.system(waiting, "right"):  # noqa: ASYNC110 - settling tells nobody
            await asyncio.sleep(0.005)
    assert await runtime.system(waiting, "left") == 5


@pytest.mark.usefixtures("_no_safety_net")
async def test_what_is_published_is_delivered_at_once(runtime: Runtime) -> None:
    subscriber = Subscriber()
    relay = relay_of(runtime, subscriber)
    runtime.on_publish = relay.wake
    async with running(relay):
        await asyncio.sleep(0.05)
        await runtime.system(publish, ("a", 1))
        await until(lambda: subscriber.applied == [("a", 1)])


async def test_what_another_process_published_is_found_by_the_safety_net(new_replica: NewReplica) -> None:
    subscriber, runtime = Subscriber(), new_replica()
    async with running(relay_of(runtime, subscriber)):
        await new_replica().system(publish, ("a", 1))
        await until(lambda: subscriber.applied == [("a", 1)])


@pytest.mark.parametrize("after", [0.0, 0.002, 0.005, 0.1])
async def test_a_relay_that_is_stopped_frees_what_it_held(runtime: Runtime, after: float) -> None:
    relay = relay_of(runtime, Subscriber(seconds=5))
    await runtime.system(publish, *(("a", n) for n in range(50)))
    step = asyncio.create_task(relay.step("left"))
    await asyncio.sleep(after)
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert await runtime.system(leased) == 0
    assert await runtime.system(waiting) == 50


async def test_a_transport_that_breaks_stops_no_relay(runtime: Runtime) -> None:
    calls = 0

    class Broken(Subscriber):
        async def deliver(self, destination: str, bodies: Sequence[str]) -> list[Outcome]:
            nonlocal calls
            calls += 1
            raise ZeroDivisionError

    await runtime.system(publish, ("a", 1))
    relay = relay_of(runtime, Broken())
    async with running(relay):
        relay.wake()
        await until(lambda: calls > 2)
    assert await runtime.system(leased) == 0


@contextlib.asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - the condition is of a subscriber that knows no event
            await asyncio.sleep(0.005)
