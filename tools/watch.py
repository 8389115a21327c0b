"""An area in the terminal, polled as a dashboard polls: with the tag of what it has, see `make watch`."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from embedded_console import interruptible
from embedded_environment import load_secrets
from watching import FIGURES, Poll, Refused, Session, Unanswered

SHOWN_OF_PARTS = ("S1.received", "S1.accepted", "S1.closed", "S3", "V1")
PARTS = {6: ("street", "街道"), 9: ("community", "社区"), 12: ("grid", "网格")}
"""What an area is taken apart by, by the digits of its code."""
FOLDED = frozenset({"指标", "目标", "公式", *(called for _, called in PARTS.values())})
"""Columns of words, which may take several lines; numbers and ids take one."""
PAGE_SECONDS = 8.0
"""How long a page stands where the terminal is too low for everything."""
NUMBER_OF_PAGE = "page {} of {}"
Defined = Mapping[str, Mapping[str, Any]]
Row = Sequence[str]


@dataclass
class Watch:
    """What is watched: an area and what lies below it, with what the figures mean."""

    session: Session
    area: str
    meanings: Poll = field(default_factory=lambda: Poll(f"{FIGURES}/definitions"))
    silent_since: float | None = None
    trouble: str = ""
    formulas: bool = False
    cuts: dict[tuple[str, int, int, int], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by, self.called = PARTS.get(len(self.area), PARTS[12])
        self.whole = Poll(f"{FIGURES}/areas/{self.area}?compare=previous")
        self.below = Poll(f"{FIGURES}/areas/{self.area}/parts?by={self.by}")

    def look(self) -> None:
        """Ask for everything; where nobody answers, say since when."""
        try:
            if not self.meanings.said or self.trouble:
                self.meanings.ask(self.session)
            for poll in (self.whole, self.below):
                poll.ask(self.session)
        except Unanswered as error:
            self.silent_since, self.trouble = self.silent_since or time.monotonic(), str(error)
        else:
            self.silent_since, self.trouble = None, ""

    def head(self) -> Text:
        """Return whose figures of when these are, and what is amiss."""
        said = self.whole.said
        if not said:
            return Text(self.area)
        missing = ", ".join(said["missing"]) or "none"
        line = f"{said['area']}  {said['period_from']} - {said['period_to']}   as of {said['as_of']}"
        if said["multiples_of"]:
            coarse = f"   in multiples of {said['multiples_of']}"
        elif said["reviews_multiples_of"]:
            coarse = f"   reviews in multiples of {said['reviews_multiples_of']}"
        else:
            coarse = ""
        return Text(f"{line}   missing: {missing}{coarse}")

    def foot(self) -> Text:
        """Return what asking cost, or since when nobody answers."""
        if self.silent_since:
            seconds = time.monotonic() - self.silent_since
            return Text(f"For {seconds:.0f} s {self.trouble}; trying again.", style="bold red")
        return Text(
            "   ".join(
                f"{poll.path.partition('?')[0].removeprefix(FIGURES)}: {poll.milliseconds:.0f} ms,"
                f" {poll.unchanged} of {poll.asked} unchanged"
                for poll in (self.whole, self.below)
            )
        )

    def tables(self, console: Console | None = None, room: int = 0) -> list[Table]:
        """Return the tables; on a console each no higher than the room that it has."""
        if not self.whole.said:
            return []
        defined = {one["id"]: one for one in self.meanings.said["definitions"]}
        titles = ("", "指标", "", "", "前期", "目标", *(("公式",) if self.formulas else ()))
        rows = [row[: len(titles)] for row in _of_indicators(defined, self.whole.said)]
        several = self._in_pages(titles, rows, console, room)
        if parts := list(_of_parts(self.below.said["parts"])):
            several += self._in_pages((self.called, *SHOWN_OF_PARTS), parts, console, room)
        return several

    def _in_pages(
        self, titles: Sequence[str], rows: Sequence[Row], console: Console | None, room: int
    ) -> list[Table]:
        """Cut rows into tables; where, is found out once for each size of the console."""
        if console is None:
            return [_table(titles, rows)]
        key = titles[0], len(rows), room, console.width
        if key not in self.cuts:
            self.cuts[key] = list(_cuts(titles, rows, console, room))
        return [_table(titles, rows[begun:end]) for begun, end in pairwise(self.cuts[key])]


def _cuts(titles: Sequence[str], rows: Sequence[Row], console: Console, room: int) -> Iterator[int]:
    """Yield with which rows pages begin, and where the last one ends."""
    begun = 0
    yield begun
    for end in range(1, len(rows)):
        if _lines(console, _table(titles, rows[begun : end + 1])) > room:
            begun = end
            yield begun
    yield len(rows)


def _lines(console: Console, several: RenderableType) -> int:
    return len(console.render_lines(several))


def _table(titles: Sequence[str], rows: Sequence[Row]) -> Table:
    table = Table(padding=(0, 0, 0, 1), pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold", no_wrap=title not in FOLDED)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _of_indicators(defined: Defined, said: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    before = {one["id"]: one for compared in said["compared"] for one in compared["indicators"]}
    for one in said["indicators"]:
        means = defined[one["id"]]
        earlier = _number(before[one["id"]], means["is_share"]) if one["id"] in before else ""
        both = (one["numerator"], one["denominator"])
        parts = "/".join("-" if n is None else str(n) for n in both) if both[1] is not None else ""
        aimed = "；".join(map(_norm, one["aims"] or ())) or means["target"] or ""
        told = (_number(one, means["is_share"]), parts, earlier, aimed, means["formula"])
        yield one["id"], means["name"], *told


def _norm(aim: Mapping[str, Any]) -> str:
    bounds = (f"{sign}{aim[end]}" for sign, end in (("≥", "lower"), ("≤", "upper")) if aim[end])
    return f"{' '.join(bounds)} {aim['unit']}"


def _of_parts(parts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    for part in parts:
        found = {one["id"]: one for one in part["indicators"]}
        numbers = (_number(found[id_]) if id_ in found else "" for id_ in SHOWN_OF_PARTS)
        yield part["name"] or part["key"], *numbers


def _number(one: Mapping[str, Any], share: bool = True) -> str:
    if one["withheld"]:
        return "*"
    if one["ratio"] is not None:
        return f"{one['ratio']:.1%}" if share else f"{one['ratio']:.2f}"
    return "-" if one["numerator"] is None or one["denominator"] == 0 else str(one["numerator"])


def _password(home: Path) -> str:
    if told := os.environ.get("ONEWINDOW_WATCH_PASSWORD"):
        return told
    if not (home / "secrets.json").exists():
        raise Refused(
            f"No suite has run on {home}: start it with `make run`, or set ONEWINDOW_WATCH_PASSWORD."
        )
    return load_secrets(home)["ONEWINDOW_DEMO_PASSWORD"]


def watch(
    *,
    url: Annotated[str, typer.Option(help="The gateway")] = "http://127.0.0.1:8100",
    area: Annotated[str, typer.Option(help="District, street or community")] = "330902",
    user: Annotated[str, typer.Option(help="Account that reads figures")] = "client.dashboard",
    home: Annotated[Path, typer.Option(help="Where the running demo keeps its password")] = Path("var"),
    seconds: Annotated[float, typer.Option(min=0.2, help="Between two looks")] = 1.0,
    looks: Annotated[int, typer.Option(help="Stop after so many; 0 for never")] = 0,
    formulas: Annotated[bool, typer.Option(help="Show how each figure is made, too")] = False,
) -> None:
    """Show an area's figures and targets, and those of what lies below it, until Ctrl-C.

    The password is that of ONEWINDOW_WATCH_PASSWORD, else of the demo that runs on `home`. A gateway that
    stops answering is asked again; one that refuses ends the watch with code 2.
    """
    try:
        with httpx2.Client(base_url=url, trust_env=False) as client, interruptible():
            _follow(Watch(Session(client, user, _password(home)), area, formulas=formulas), seconds, looks)
    except Refused as error:
        Console(stderr=True).print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(2) from error


def _follow(watched: Watch, seconds: float, looks: int) -> None:
    watched.look()
    if not watched.whole.said:
        raise Refused(f"No figures from {watched.session.client.base_url}: {watched.trouble}.")
    whole_screen, begun, looked = looks == 0, time.monotonic(), 1
    with Live(auto_refresh=False, screen=whole_screen) as live:
        while True:
            live.update(_page(watched, live.console, begun if whole_screen else None), refresh=True)
            if looked == looks:
                return
            Event().wait(seconds)
            watched.look()
            looked += 1


def _page(watched: Watch, console: Console, begun: float | None) -> Group:
    """Return what the terminal shows: everything, or of pages the one whose turn it is since it was begun."""
    head, foot = watched.head(), watched.foot()
    if begun is None:
        return Group(head, *watched.tables(), foot)
    around = _lines(console, Group(head, Text(NUMBER_OF_PAGE.format(10, 10)), foot))
    pages = watched.tables(console, console.height - around)
    turn = int((time.monotonic() - begun) / PAGE_SECONDS) % len(pages)
    return Group(head, Text(NUMBER_OF_PAGE.format(turn + 1, len(pages))), pages[turn], foot)


if __name__ == "__main__":
    typer.run(watch)
