"""Fixtures of the plumbing's tests: an empty database of the sample service, and replicas on it."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from onewindow_shared.plumbing.database import Database, connect
from onewindow_shared.plumbing.runtime import Runtime
from shared import sample
from testkit import databases
from testkit.api import FrozenClock

NewReplica = Callable[[], Runtime]


@pytest.fixture(scope="session", autouse=True)
def _drop_sample_database() -> Iterator[None]:
    yield
    if sample.postgres_of_this_process.cache_info().currsize:
        databases.drop_postgres(sample.postgres_of_this_process().rpartition("/")[2])


@pytest.fixture
def url(backend: str, tmp_path: Path) -> str:
    return sample.empty_database(backend, tmp_path)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = connect(url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def new_replica(url: str, clock: FrozenClock) -> AsyncIterator[NewReplica]:
    opened: list[Runtime] = []

    def new() -> Runtime:
        opened.append(sample.runtime_on(url, clock))
        return opened[-1]

    yield new
    for runtime in opened:
        await runtime.database.close()


@pytest.fixture
async def runtime(new_replica: NewReplica) -> Runtime:
    return new_replica()
