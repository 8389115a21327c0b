"""The four real processes on each database: one suite for the files that can share it, one each for the others."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from onewindow_gateway.apps.api import BUILT
from suite.browsing import Visit, chromium, need, visiting
from suite.desk import sign_in
from suite.forking import ForkedSuite
from testkit import databases
from town import UNLIMITED, Town

SERVICES = ("gateway", "intake", "casework", "volunteers")


@contextmanager
def opened(backend: str, home: Path, clock: Path | None = None, **settings: str) -> Iterator[Town]:
    """Start the demo district on a suite of its own, and end it."""
    database = "sqlite"
    prefix = f"onewindow_suite_{os.getpid()}_{home.name}"
    codes = home / "codes"
    short = {"ONEWINDOW_METRICS_FOLLOW_SECONDS": "20"}
    limits = UNLIMITED | short | {"ONEWINDOW_OTP_FILE": str(codes)} | settings
    with ExitStack() as stack:
        if backend == "postgresql":
            for service in SERVICES:
                stack.callback(databases.drop_postgres, f"{prefix}_{service}")
                url = databases.create_postgres(f"{prefix}_{service}")
            database = url.replace(f"{prefix}_{service}", f"{prefix}_{{service}}")
        suite = stack.enter_context(
            ForkedSuite(home, database=database, base_port=0, clock_file=clock, settings=limits)
        )
        yield stack.enter_context(closing(Town.open(suite, codes)))


@pytest.fixture(scope="package")
def shared_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Town]]:
    """Return the town on a database that every file shares, started by the first that asks for it."""
    with ExitStack() as stack:
        yield cache(
            lambda backend: stack.enter_context(opened(backend, tmp_path_factory.mktemp(f"shared_{backend}")))
        )


@pytest.fixture(scope="module", params=databases.backends())
def town(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    shared_town: Callable[[str], Town],
) -> Iterator[Town]:
    """The demo district on each database of this run.

    Its files share it: they take residents of their own, look at what is new, and leave every service running.
    A file marked `own_town` has one to itself, with a clock that it may move.
    """
    databases.need(request.param)
    if request.node.get_closest_marker("own_town") is None:
        yield shared_town(request.param)
        return
    home = tmp_path_factory.mktemp("suite")
    with opened(request.param, home, home / "clock") as town:
        yield town


@pytest.fixture(scope="package")
def open_town(shared_town: Callable[[str], Town]) -> Town:
    """The town whose pages are opened in a browser: they see nothing of its database."""
    return shared_town("sqlite")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own browser."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def built() -> None:
    """The pages that need to be built are built."""
    for page in ("desk", "wall", "volunteer"):
        need((BUILT / f"{page}.html").exists(), "the pages are not built: make pages")


@pytest.fixture
def desk(open_town: Town, browser: Browser, built: None) -> Iterator[Visit]:
    """The desk of a clerk who has just signed in, with the whole catalogue at hand."""
    with visiting(browser, open_town.suite.url) as visit:
        sign_in(visit, "clerk.xian", open_town.password)
        expect(visit.page.get_by_role("status").filter(has_text="可离线收件")).to_be_visible()
        yield visit
