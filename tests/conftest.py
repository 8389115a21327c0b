"""Fixtures of all tests: the databases of this run, and one clean database per service and test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from testkit import databases

FreshDatabase = Callable[[str], str]


@pytest.fixture(params=databases.backends())
def backend(request: pytest.FixtureRequest) -> str:
    """Each database of this run in turn."""
    name: str = request.param
    databases.need(name)
    return name


@pytest.fixture
def fresh_database(
    backend: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> FreshDatabase:
    """Return a function that gives a service an empty, migrated database."""
    templates = tmp_path_factory.getbasetemp()
    return lambda service: databases.fresh(backend, service, tmp_path, templates)


@pytest.fixture(scope="session", autouse=True)
def _drop_databases() -> Iterator[None]:
    yield
    databases.drop_all_postgres()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
