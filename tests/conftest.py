"""Fixtures of all tests: the databases of this run, and one clean database per service and test."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Protocol
from unittest import mock

import pytest
import structlog
from hypothesis import HealthCheck, settings

from onewindow_shared.plumbing import service
from onewindow_shared.starting import loading
from testkit import databases
from testkit.statements import connect_knowing

EXAMPLES = 40
"""Of each property; a file that can afford more says so."""
_KEPT = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
settings.register_profile("here", deadline=None, max_examples=EXAMPLES, suppress_health_check=_KEPT)
settings.register_profile(
    "ci", settings.get_profile("here"), derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if "CI" in os.environ else "here")

PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)


class FreshDatabase(Protocol):
    """Gives a service its database for one test, empty or furnished; again under the same URL."""

    def __call__(self, service: str, furnish: databases.Furnish | None = None, /) -> str:
        """Return the URL of a migrated database with nothing else in it than `furnish` puts there."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among what stays until the last test."""
    with loading():
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs once per database, and begin with what takes longest."""
    for item in items:
        if {"backend", "town"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)
    items.sort(key=lambda item: item.get_closest_marker("suite") is None)


@pytest.fixture(params=databases.backends())
def backend(request: pytest.FixtureRequest) -> str:
    """Each database of this run in turn."""
    name: str = request.param
    databases.need(name)
    return name


@pytest.fixture
def fresh_database(backend: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> FreshDatabase:
    """Return a function that gives a service its database."""
    templates = tmp_path_factory.getbasetemp()
    return lambda service, furnish=None: databases.fresh(backend, service, tmp_path, templates, furnish)


@pytest.fixture(scope="session", autouse=True)
def _drop_databases() -> Iterator[None]:
    yield
    databases.drop_all_postgres()


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    with mock.patch.object(service, "connect", connect_knowing):
        yield


@pytest.fixture(autouse=True)
def _plain_logs() -> None:
    """Log as the tests read it, whatever a command under test configured before."""
    structlog.reset_defaults()
    structlog.configure(processors=[PLAIN])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
