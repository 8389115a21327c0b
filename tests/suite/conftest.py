"""The four real processes on each database: one suite for the files that can share it, one each for the others."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache

import pytest
from playwright.sync_api import Browser, expect

from onewindow_gateway.apps.api import BUILT
from suite.browsing import Visit, chromium, need, visiting
from suite.desk import sign_in
from suite.towns import Towns
from testkit import databases
from town import Town


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """Opens a town for whoever needs one to itself."""
    with closing(Towns(tmp_path_factory.mktemp)) as towns:
        yield towns


@pytest.fixture(scope="package")
def shared_town(towns: Towns) -> Iterator[Callable[[str], Town]]:
    """Return the town on a database that every file shares, started by the first that asks for it."""
    with ExitStack() as stack:
        yield cache(lambda backend: stack.enter_context(towns.opened(backend, "shared")))


@pytest.fixture(scope="module", params=databases.backends())
def town(request: pytest.FixtureRequest, towns: Towns, shared_town: Callable[[str], Town]) -> Iterator[Town]:
    """The demo district on each database of this run.

    Its files share it: they take residents of their own, look at what is new, and leave every service running.
    A file marked `own_town` has one to itself, with a clock that it may move.
    """
    if request.node.get_closest_marker("own_town") is None:
        databases.need(request.param)
        yield shared_town(request.param)
        return
    with towns.opened(request.param, "own", own_clock=True) as town:
        yield town


@pytest.fixture(scope="module")
def own_town(towns: Towns) -> Iterator[Town]:
    """A town that its file alone opens in a browser, with a clock that may be moved."""
    with towns.opened("sqlite", "pages", own_clock=True) as town:
        yield town


@pytest.fixture(scope="module")
def strict_town(towns: Towns) -> Iterator[Town]:
    """A town whose windows have to decide about earlier cases."""
    with towns.opened("sqlite", "strict", ONEWINDOW_DUPLICATES_REFUSED="true") as town:
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
