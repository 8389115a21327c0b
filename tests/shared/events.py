"""Publishing, scripted subscribers, and a look into the outbox."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from onewindow_shared.plumbing.outbox import DeadLetter, OutboxRecord
from onewindow_shared.plumbing.relay import Outcome, Relay, Unreachable
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.unit import Unit
from shared.sample import Happened

MAX_TRIES = 3


@dataclass
class Subscriber:
    """Takes batches as an inbox does: each event once, and after a failure nothing more of its key."""

    fails: Callable[[str, int], bool] = lambda *_: False
    down: Callable[[str], bool] = lambda _: False
    seconds: float = 0.0
    applied: list[tuple[str, int]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def deliver(self, destination: str, bodies: Sequence[str]) -> list[Outcome]:
        if self.down(destination):
            raise Unreachable("down")
        self.batches.append(len(bodies))
        await asyncio.sleep(self.seconds)
        stopped: set[str] = set()
        return [self._take(json.loads(body), stopped) for body in bodies]

    def _take(self, envelope: dict[str, object], stopped: set[str]) -> Outcome:
        happened = Happened.model_validate(envelope["data"])
        number = str(envelope["id"])
        if happened.what in stopped:
            return Outcome(id=number, outcome="held")
        if number not in self.seen:
            if self.fails(happened.what, happened.n):
                stopped.add(happened.what)
                return Outcome(id=number, outcome="failed", reason="ValueError")
            self.seen.add(number)
            self.applied.append((happened.what, happened.n))
        return Outcome(id=number, outcome="done")


def publish(unit: Unit, *happened: tuple[str, int]) -> None:
    for what, n in happened:
        unit.publish(Happened(what=what, n=n))


def relay_of(runtime: Runtime, subscriber: Subscriber, max_tries: int = MAX_TRIES) -> Relay:
    return Relay(runtime.database, subscriber, ("left", "right"), runtime.settings.clock, max_tries)


def waiting(unit: Unit, destination: str = "left") -> int:
    query = select(func.count()).select_from(OutboxRecord).where(OutboxRecord.destination == destination)
    return unit.session.scalar(query) or 0


def leased(unit: Unit) -> int:
    return unit.session.scalar(select(func.count(OutboxRecord.lease))) or 0


def dead(unit: Unit) -> list[DeadLetter]:
    return list(unit.session.scalars(select(DeadLetter).order_by(DeadLetter.id)))
