"""What each page weighs at its first view, how long it takes, and how fast a clerk takes in a simple case.

    PYTHONPATH=tools:tests python bench/pages.py [--rounds 7] [--only desk]

A suite runs on SQLite, and a real Chromium visits each page with nothing kept, in random order: first on the
machine itself, then over a line of 1.6 Mbit/s down and 150 ms there and back. Printed are the bytes as they
came, heads and answers of the API included, and medians of the first paint with content and of the moment at
which the page can be used. Then simple cases are taken in by keyboard at five keys a second, from the empty
field for the item until the next one is in hand, the receipt printed. Needs the built pages and Chromium.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from embedded import Suite
from suite.browsing import DESK, PHONE, WALL, chromium, visiting
from suite.desk import printed, sign_in, take_in
from town import UNLIMITED, Town

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
"""Milliseconds, and bytes a second."""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
PAUSE = 200
"""Milliseconds between two keys."""


@dataclass
class View:
    """A first view: its window, and what is there once it can be used."""

    window: tuple[int, int]
    path: str
    usable: Callable[[Page], None]
    who: str | None = None
    """Whoever signs in on the way."""


def heading(name: str) -> Callable[[Page], None]:
    """Wait for a heading."""
    return lambda page: expect(page.get_by_role("heading", name=name).first).to_be_visible(timeout=60_000)


def label(name: str) -> Callable[[Page], None]:
    """Wait for a field."""
    return lambda page: expect(page.get_by_label(name).first).to_be_visible(timeout=60_000)


def drawn(page: Page) -> None:
    """Wait for the charts."""
    expect(page.locator("svg").first).to_be_visible(timeout=60_000)


VIEWS: Mapping[str, View] = {
    "/": View(PHONE, "/", heading("您要办什么")),
    "/tracking": View(PHONE, "/tracking", label("查询码")),
    "/lists": View(PHONE, "/lists", label("社区")),
    "/papers": View(PHONE, "/papers", label("核验码")),
    "/reviews": View(PHONE, "/reviews", label("评价码")),
    "/certificates": View(PHONE, "/certificates", label("核验码")),
    "/desk": View(DESK, "/desk", label("用户名")),
    "/desk, signed in": View(DESK, "/desk", label("事项"), "clerk.xian"),
    "/volunteer": View(PHONE, "/volunteer", heading("找活动")),
    "/wall": View(DESK, "/wall", label("用户名")),
    "/wall, signed in": View(DESK, "/wall", drawn, "admin.dinghai"),
    "/wall/live, signed in": View(WALL, "/wall/live", drawn, "admin.dinghai"),
}


@dataclass
class Seen:
    """One first view: bytes as they came, milliseconds to the first paint and until it could be used."""

    size: int
    painted: float
    usable: float


def seen(browser: Browser, town: Town, view: View, *, slow: bool) -> Seen:
    """Visit a page as somebody whose browser keeps nothing of it."""
    size = 0

    def came(event: Mapping[str, float]) -> None:
        nonlocal size
        size += int(event["encodedDataLength"])

    with visiting(browser, town.suite.url, view.window, service_workers="block") as visit:
        wire = visit.page.context.new_cdp_session(visit.page)
        wire.on("Network.loadingFinished", came)
        wire.send("Network.enable")
        if slow:
            wire.send("Network.emulateNetworkConditions", SLOW)
        started = time.perf_counter()
        visit.page.goto(f"{town.suite.url}{view.path}", timeout=60_000)
        if view.who:
            visit.page.locator("input").first.fill(view.who)
            visit.page.locator("input").last.fill(town.password)
            visit.page.keyboard.press("Enter")
        view.usable(visit.page)
        usable = (time.perf_counter() - started) * 1000
        painted = visit.page.wait_for_function(PAINTED).json_value()
        return Seen(size, painted, usable)


def typed(browser: Browser, town: Town) -> tuple[int, float]:
    """Take one simple case in at the speed of a hand; return its keys and its seconds."""
    with visiting(browser, town.suite.url) as visit:
        sign_in(visit, "clerk.xian", town.password)
        ready = visit.page.get_by_role("status").filter(has_text="可离线收件")
        expect(ready).to_be_visible(timeout=20_000)
        started = time.perf_counter()
        keys = take_in(visit.page, pause=PAUSE)
        expect(visit.page.get_by_role("heading", name="已受理")).to_be_visible()
        printed(visit.page, lambda: keys.press("p"))
        keys.press("Enter")
        expect(visit.page.get_by_role("combobox", name="事项")).to_be_focused()
        return keys.pressed, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="pages whose address holds this")
    told = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="onewindow-bench-"))
    wanted = [(name, slow) for name in VIEWS if told.only in name for slow in (False, True)]
    found: dict[tuple[str, bool], list[Seen]] = {which: [] for which in wanted}
    with (
        Suite(home, base_port=0, settings=UNLIMITED) as suite,
        closing(Town.open(suite, home / "codes")) as town,
        chromium() as browser,
    ):
        for _ in range(told.rounds):
            for name, slow in random.sample(wanted, len(wanted)):
                found[name, slow].append(seen(browser, town, VIEWS[name], slow=slow))
        hands = [typed(browser, town) for _ in range(told.rounds)]
    print(f"{'page':24} {'kB':>6}  {'painted':>8} {'usable':>8}  over a slow line: painted, usable (ms)")
    for name in dict.fromkeys(name for name, _ in wanted):
        here, away = found[name, False], found[name, True]
        size = statistics.median(one.size for one in here) / 1000
        times = [
            statistics.median(getattr(one, what) for one in views)
            for views in (here, away)
            for what in ("painted", "usable")
        ]
        print(f"{name:24} {size:6.1f}  " + " ".join(f"{one:8.0f}" for one in times))
    seconds = [taken for _, taken in hands]
    print(
        f"a simple case by keyboard: {hands[0][0]} keys, median {statistics.median(seconds):.1f} s "
        f"[{min(seconds):.1f}-{max(seconds):.1f}]"
    )


if __name__ == "__main__":
    main()
