"""The four real processes on each database, started once per file."""

import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from embedded import Suite
from testkit import databases
from town import UNLIMITED, Town

SERVICES = ("gateway", "intake", "casework", "volunteers")


@pytest.fixture(scope="module", params=databases.backends())
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo district on a suite of its own, on each database of this run."""
    databases.need(request.param)
    home = tmp_path_factory.mktemp("suite")
    database = "sqlite"
    prefix = f"onewindow_suite_{os.getpid()}_{home.name}"
    names = [f"{prefix}_{service}" for service in SERVICES]
    if request.param == "postgresql":
        urls = [databases.create_postgres(name) for name in names]
        database = urls[0].replace(names[0], f"{prefix}_{{service}}")
    clock, codes = home / "clock", home / "codes"
    limits = UNLIMITED | {"ONEWINDOW_OTP_FILE": str(codes)}
    try:
        with (
            Suite(home, database=database, base_port=0, clock_file=clock, settings=limits) as suite,
            closing(Town.open(suite, codes)) as town,
        ):
            yield town
    finally:
        if request.param == "postgresql":
            for name in names:
                databases.drop_postgres(name)
