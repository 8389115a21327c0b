"""Suites of the demo district's four real processes: its data are prepared once per worker, then copied for each."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from embedded_environment import SERVICES
from suite.forking import ForkedSuite
from testkit import databases
from town import UNLIMITED, Town

OFTEN = {"ONEWINDOW_METRICS_FOLLOW_SECONDS": "20"}
"""A stream of changing figures ends after so long, so that tests see a client connect again."""


class Towns:
    """Opens towns in new folders; what they are copied from is made when it is first asked for."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._prepared: dict[str, Path] = {}
        self._kept = ExitStack()

    def close(self) -> None:
        self._kept.close()

    @contextmanager
    def opened(self, backend: str, name: str, *, own_clock: bool = False, **settings: str) -> Iterator[Town]:
        """Start the district on a suite of its own, with a clock that may be moved or the machine's, and end it."""
        databases.need(backend)
        home, ready = self._folder(f"{name}_{backend}"), self._ready(backend)
        shutil.copytree(ready, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("log", "lock"))
        codes = home / "codes"
        told = UNLIMITED | OFTEN | {"ONEWINDOW_OTP_FILE": str(codes)} | settings
        with ExitStack() as stack:
            database = _database(backend, home, stack, ready)
            clock = home / "clock" if own_clock else None
            suite = ForkedSuite(home, database=database, base_port=0, clock_file=clock, settings=told)
            yield stack.enter_context(closing(Town.open(stack.enter_context(suite), codes)))

    def _ready(self, backend: str) -> Path:
        if backend not in self._prepared:
            home = self._folder(f"prepared_{backend}")
            database = _database(backend, home, self._kept)
            with ForkedSuite(home, database=database, base_port=0, settings=UNLIMITED):
                self._prepared[backend] = home
        return self._prepared[backend]


def _database(backend: str, home: Path, stack: ExitStack, template: Path | None = None) -> str:
    """Return where a suite in `home` has its databases; a server's are made now, and dropped with the stack."""
    if backend == "sqlite":
        return backend
    for service in SERVICES:
        stack.callback(databases.drop_postgres, _name(home, service))
        url = databases.create_postgres(_name(home, service), _name(template, service) if template else None)
    return url.removesuffix(service) + "{service}"


def _name(home: Path, service: str) -> str:
    return f"onewindow_suite_{os.getpid()}_{home.name}_{service}"
