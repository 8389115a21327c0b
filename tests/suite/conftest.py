"""The four real processes on each database: one suite for the files that can share it, one each for the others."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path

import pytest

from embedded import Suite
from testkit import databases
from town import UNLIMITED, Town

SERVICES = ("gateway", "intake", "casework", "volunteers")


@contextmanager
def opened(backend: str, home: Path, clock: Path | None = None) -> Iterator[Town]:
    """Start the demo district on a suite of its own, and end it."""
    database = "sqlite"
    prefix = f"onewindow_suite_{os.getpid()}_{home.name}"
    codes = home / "codes"
    short = {"ONEWINDOW_METRICS_FOLLOW_SECONDS": "20"}
    limits = UNLIMITED | short | {"ONEWINDOW_OTP_FILE": str(codes)}
    with ExitStack() as stack:
        if backend == "postgresql":
            for service in SERVICES:
                stack.callback(databases.drop_postgres, f"{prefix}_{service}")
                url = databases.create_postgres(f"{prefix}_{service}")
            database = url.replace(f"{prefix}_{service}", f"{prefix}_{{service}}")
        suite = stack.enter_context(
            Suite(home, database=database, base_port=0, clock_file=clock, settings=limits)
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
