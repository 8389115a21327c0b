"""Apps on a flaky network: they send again, under the same key, until they have an answer."""

import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from threading import Event
from typing import Any

import httpx2

from embedded import Suite
from town import Person

OUT = {502, 503, 504}


def answered(ask: Callable[[], httpx2.Response]) -> httpx2.Response:
    """Ask until somebody answers; what is down, or still running, is asked again."""
    while True:
        try:
            response = ask()
        except httpx2.HTTPError:
            Event().wait(0.05)
            continue
        if response.status_code not in OUT and "still-running" not in response.text:
            return response
        Event().wait(0.05)


@dataclass
class App:
    """Somebody's app, and every answer that it was given for something new."""

    who: Person
    acknowledged: dict[str, tuple[str, Mapping[str, Any], Any]] = field(default_factory=dict)
    """Key -> where it was posted, what, and the answer."""

    def made(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post something new, once, however often it is sent."""
        key = str(uuid.uuid4())
        response = answered(partial(self.who.create, path, body, key))
        assert response.status_code == 201, response.text
        new: dict[str, Any] = response.json()
        self.acknowledged[key] = path, body, new
        return new

    def moved(self, path: str, name: str, body: Mapping[str, Any], status: str) -> None:
        """Make a move that ends in a state; who did not hear of it looks whether it was made."""
        while (seen := answered(partial(self.who.get, path)).json())["status"] != status:
            moved = answered(partial(self.who.move, f"{path}/{name}", body, seen["version"]))
            assert moved.status_code in {200, 412}, moved.text

    def numbers(self, path: str, name: str) -> set[Any]:
        """Return what everything is called that was posted there."""
        return {answer[name] for where, _, answer in self.acknowledged.values() if where == path}

    def sends_everything_again(self) -> None:
        """Each is answered as it was, and made no second time."""
        for key, (path, body, answer) in self.acknowledged.items():
            again = answered(partial(self.who.create, path, body, key))
            assert (again.status_code, again.json()) == (201, answer)


def until(over: Event, work: Callable[[int], object]) -> int:
    """Do the 0th, 1st, 2nd ... of some work until it is over; return how many were done."""
    for serial in count():
        if over.is_set():
            break
        work(serial)
    return serial


def killed(suite: Suite, names: Iterable[str]) -> None:
    """End one service after the other in the middle of whatever it does, as power cuts would."""
    for name in names:
        Event().wait(random.uniform(0.2, 1.2))
        suite.kill(name)
        suite.start(name)
        suite.wait_ready([name])
