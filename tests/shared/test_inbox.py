"""An event has its effect once, however often it arrives, and a poison one stops only its own key."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from onewindow_shared.contracts.events import AreaChanged, AreaKind, Envelope
from onewindow_shared.plumbing.inbox import Handlers, InboxRecord, first_times, take
from onewindow_shared.plumbing.outbox import outbox_rows
from onewindow_shared.plumbing.problems import Unavailable
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.ticker import INBOX_KEPT, tidying
from onewindow_shared.plumbing.together import Together
from onewindow_shared.plumbing.unit import Unit
from shared.sample import Happened, labels, thing
from testkit.api import MONDAY, FrozenClock


def envelope(what: str, n: int = 0) -> Envelope:
    rows = outbox_rows(Happened(what=what, n=n), source="sample", now=MONDAY)
    return Envelope.model_validate_json(rows[0]["body"])


def on_happened(unit: Unit, event: Happened) -> None:
    thing(unit, f"{event.what}{event.n}", n=event.n)
    if event.n == 13:
        raise LookupError


def on_happened_cured(unit: Unit, event: Happened) -> None:
    thing(unit, f"cured {event.n}")


HANDLERS: Handlers = {Happened: on_happened}


def outcomes(found: Sequence[Any]) -> list[str]:
    return [outcome.outcome for outcome in found]


async def test_a_batch_has_its_effect_in_order(runtime: Runtime) -> None:
    assert outcomes(await take(runtime, HANDLERS, [envelope("a", n) for n in range(3)])) == ["done"] * 3
    assert await runtime.system(labels) == ["a0", "a1", "a2"]


async def test_events_of_one_kind_are_handled_together_and_between_others_in_order(runtime: Runtime) -> None:
    def together(unit: Unit, events: Sequence[Happened]) -> None:
        thing(unit, "+".join(f"{event.what}{event.n}" for event in events))

    def other(unit: Unit, event: AreaChanged) -> None:
        thing(unit, event.code)

    changed = AreaChanged(code="330902", name="定海区", kind=AreaKind.DISTRICT, population=None)
    row = outbox_rows(changed, source="sample", now=MONDAY)[0]
    between = Envelope.model_validate_json(row["body"])
    handlers: Handlers = {Happened: Together(together), AreaChanged: other}
    batch = [envelope("a", 1), envelope("b", 1), between, envelope("a", 2), between]
    assert outcomes(await take(runtime, handlers, batch)) == ["done"] * 5
    assert await runtime.system(labels) == ["a1+b1", "330902", "a2"]


async def test_poison_among_events_handled_together_stops_only_its_own_key(runtime: Runtime) -> None:
    def together(unit: Unit, events: Sequence[Happened]) -> None:
        for event in events:
            on_happened(unit, event)

    batch = [envelope("a", 1), envelope("b", 13), envelope("a", 2), envelope("b", 2)]
    found = await take(runtime, {Happened: Together(together)}, batch)
    assert outcomes(found) == ["done", "failed", "done", "held"]
    assert await runtime.system(labels) == ["a1", "a2"]


async def test_an_event_that_arrives_again_has_no_further_effect(runtime: Runtime) -> None:
    first, second = envelope("a", 1), envelope("a", 2)
    await take(runtime, HANDLERS, [first])
    assert outcomes(await take(runtime, HANDLERS, [first, second])) == ["done", "done"]
    assert await runtime.system(labels) == ["a1", "a2"]


async def test_an_event_that_is_twice_in_one_batch_has_one_effect(runtime: Runtime) -> None:
    twice = envelope("a", 1)
    assert outcomes(await take(runtime, HANDLERS, [twice, twice])) == ["done", "done"]
    assert await runtime.system(labels) == ["a1"]


async def test_poison_in_a_batch_stops_only_its_own_key(runtime: Runtime) -> None:
    batch = [envelope("a", 1), envelope("b", 13), envelope("a", 2), envelope("b", 2), envelope("c", 1)]
    found = await take(runtime, HANDLERS, batch)
    assert outcomes(found) == ["done", "failed", "done", "held", "done"]
    assert found[1].reason == "LookupError", "the type, not the message: that may quote the event"
    assert await runtime.system(labels) == ["a1", "a2", "c1"]


async def test_a_failed_event_is_tried_again_when_it_comes_again(runtime: Runtime) -> None:
    poison, later = envelope("b", 13), envelope("b", 14)
    await take(runtime, HANDLERS, [poison, later])
    assert outcomes(await take(runtime, {Happened: on_happened_cured}, [poison, later])) == ["done", "done"]
    assert await runtime.system(labels) == ["cured 13", "cured 14"]


async def test_an_event_of_an_unknown_type_comes_again_until_it_is_known(runtime: Runtime) -> None:
    newer, known = envelope("a"), envelope("b")
    later = newer.model_copy(update={"id": "of-a-later-version", "type": "thing.invented.v1"})
    found = await take(runtime, HANDLERS, [later, known])
    assert [(one.outcome, one.reason) for one in found] == [("failed", "unknown type"), ("done", "")]
    assert outcomes(await take(runtime, HANDLERS, [later.model_copy(update={"type": newer.type})])) == [
        "done"
    ]
    assert await runtime.system(labels) == ["b0", "a0"]


async def test_an_empty_batch_is_no_event(runtime: Runtime) -> None:
    assert await take(runtime, HANDLERS, []) == []
    assert await runtime.system(first_times, []) == set()


async def test_an_event_of_a_newer_sender_is_understood(runtime: Runtime) -> None:
    newer = envelope("a", 1)
    newer.data["something_new"] = {"deep": True}
    assert outcomes(await take(runtime, HANDLERS, [newer])) == ["done"]


async def test_an_event_without_its_data_fails_alone(runtime: Runtime) -> None:
    broken, good = envelope("a"), envelope("b")
    broken.data.clear()
    assert outcomes(await take(runtime, HANDLERS, [broken, good])) == ["failed", "done"]


async def test_while_the_database_is_gone_no_event_is_blamed(runtime: Runtime) -> None:
    def gone(unit: Unit, event: Happened) -> None:
        raise ConnectionRefusedError

    with pytest.raises(Unavailable):
        await take(runtime, {Happened: gone}, [envelope("a")])
    assert outcomes(await take(runtime, HANDLERS, [envelope("a")])) == ["done"]


async def test_ids_are_forgotten_long_after_nobody_sends_them_again(
    runtime: Runtime, clock: FrozenClock
) -> None:
    await take(runtime, HANDLERS, [envelope("a")])
    for days, left in ((INBOX_KEPT.days - 1, 1), (2, 0)):
        clock.pass_(days=days)
        await runtime.system(tidying)
        found = await runtime.system(lambda unit: unit.session.scalars(select(InboxRecord.event_id)).all())
        assert len(found) == left
