"""A district in the terminal, polled as a dashboard polls: with the tag of what it has, see `make watch`."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import httpx2
import typer
from rich.columns import Columns
from rich.console import Group
from rich.live import Live
from rich.table import Table

from embedded_console import interruptible
from embedded_environment import load_secrets

FIGURES = "/api/metrics/v1"
SHOWN_OF_PARTS = ("S1.received", "S1.accepted", "S1.closed", "S3", "V1")
SOON = 30
"""Seconds before a token ends in which it is replaced."""


@dataclass
class Poll:
    """One address, asked again and again: what it said last, and what asking cost."""

    path: str
    tag: str | None = None
    said: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    unchanged: int = 0
    milliseconds: float = 0.0

    def ask(self, client: httpx2.Client, token: str) -> None:
        """Ask once more; what is not there any more keeps its last answer."""
        headers = {"Authorization": f"Bearer {token}"} | ({"If-None-Match": self.tag} if self.tag else {})
        began = time.perf_counter()
        answer = client.get(self.path, headers=headers)
        self.milliseconds = (time.perf_counter() - began) * 1000
        self.asked += 1
        if answer.status_code == httpx2.codes.NOT_MODIFIED:
            self.unchanged += 1
            return
        answer.raise_for_status()
        self.tag, self.said = answer.headers["etag"], answer.json()


@dataclass
class Session:
    """Signs in, and again before its token ends."""

    client: httpx2.Client
    username: str
    password: str
    _token: str = ""
    _until: float = 0.0

    @property
    def token(self) -> str:
        """A token that is good for some time yet."""
        if time.monotonic() > self._until:
            answer = self.client.post(
                "/auth/token", json={"username": self.username, "password": self.password}
            )
            answer.raise_for_status()
            self._token = answer.json()["access_token"]
            self._until = time.monotonic() + answer.json()["expires_in"] - SOON
        return self._token


def page(definitions: list[dict[str, Any]], whole: Poll, streets: Poll) -> Group:
    """Return what the terminal shows."""
    missing = ", ".join(whole.said["missing"]) or "none"
    head = (
        f"{whole.said['area']}  {whole.said['period_from']} - {whole.said['period_to']}"
        f"   as of {whole.said['as_of']}   missing: {missing}"
    )
    foot = "   ".join(
        f"{poll.path.partition('?')[0].removeprefix(FIGURES)}: {poll.milliseconds:.0f} ms,"
        f" {poll.unchanged} of {poll.asked} unchanged"
        for poll in (whole, streets)
    )
    return Group(head, Columns([_indicators(definitions, whole.said), _streets(streets.said)]), foot)


def _indicators(definitions: list[dict[str, Any]], said: dict[str, Any]) -> Table:
    table = Table("", "指标", "", "", "前期", "目标")
    before = {one["id"]: one for compared in said["compared"] for one in compared["indicators"]}
    for definition, one in zip(definitions, said["indicators"], strict=True):
        share = definition["is_share"]
        earlier = _number(before[one["id"]], share) if one["id"] in before else ""
        parts = f"{one['numerator']}/{one['denominator']}" if one["denominator"] is not None else ""
        told = (_number(one, share), parts, earlier, definition["target"] or "")
        table.add_row(one["id"], definition["name"], *told)
    return table


def _streets(said: dict[str, Any]) -> Table:
    table = Table("街道", *SHOWN_OF_PARTS)
    for part in said["parts"]:
        found = {one["id"]: one for one in part["indicators"]}
        table.add_row(part["name"] or part["key"], *(_number(found[id_]) for id_ in SHOWN_OF_PARTS))
    return table


def _number(one: dict[str, Any], share: bool = True) -> str:
    if one["withheld"]:
        return "*"
    if one["ratio"] is not None:
        return f"{one['ratio']:.1%}" if share else f"{one['ratio']:.2f}"
    return "-" if one["numerator"] is None else str(one["numerator"])


def watch(
    *,
    url: Annotated[str, typer.Option(help="The gateway")] = "http://127.0.0.1:8100",
    area: Annotated[str, typer.Option(help="District or street")] = "330902",
    user: Annotated[str, typer.Option(help="Account that reads figures")] = "client.dashboard",
    home: Annotated[Path, typer.Option(help="Where the running demo keeps its password")] = Path("var"),
    seconds: Annotated[float, typer.Option(min=0.2, help="Between two looks")] = 1.0,
    looks: Annotated[int, typer.Option(help="Stop after so many; 0 for never")] = 0,
) -> None:
    """Show an area's figures, and those of what lies below it, until Ctrl-C.

    The password is that of ONEWINDOW_WATCH_PASSWORD, else of the demo that runs on `home`.
    """
    password = os.environ.get("ONEWINDOW_WATCH_PASSWORD") or load_secrets(home)["ONEWINDOW_DEMO_PASSWORD"]
    level = "street" if len(area) == len("330902") else "community"
    whole = Poll(f"{FIGURES}/areas/{area}?compare=previous")
    below = Poll(f"{FIGURES}/areas/{area}/parts?by={level}")
    with httpx2.Client(base_url=url, trust_env=False) as client, interruptible():
        session = Session(client, user, password)
        definitions = client.get(f"{FIGURES}/definitions").json()["definitions"]
        with Live(auto_refresh=False, screen=looks == 0) as live:
            while not looks or whole.asked < looks:
                for poll in (whole, below):
                    poll.ask(client, session.token)
                live.update(page(definitions, whole, below), refresh=True)
                Event().wait(seconds)


if __name__ == "__main__":
    typer.run(watch)
