"""Liveness asks nothing of anybody; readiness names what is missing."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from onewindow_shared.plumbing import health
from onewindow_shared.plumbing.reference import Area, register_check
from onewindow_shared.plumbing.runtime import Runtime
from shared import sample
from testkit.api import XIAN, Api, running


async def broken(runtime: Runtime) -> str | None:
    raise LookupError("postgresql://role:pass-word@host")


async def hanging(runtime: Runtime) -> str | None:
    await asyncio.sleep(60)
    return None


async def migrated(runtime: Runtime) -> str | None:
    """The sample service has no migrations of its own."""
    return None


CHECKED = replace(sample.SERVICE, checks={"database": migrated, "register": register_check})


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    with running(CHECKED, url) as opened:
        yield opened


def test_a_service_is_ready_when_everything_is_there(api: Api) -> None:
    missing = api.client.get("/readyz")
    assert missing.status_code == 503
    assert missing.json()["ready"] is False
    assert missing.json()["checks"]["database"] == "ok"
    assert "register of areas" in missing.json()["checks"]["register"]
    api.system(lambda unit: unit.session.add(Area(code=XIAN, name="西安社区", kind="residents_committee")))
    assert api.client.get("/readyz").json() == {"ready": True, "checks": {"database": "ok", "register": "ok"}}


def test_a_check_that_fails_or_hangs_is_named_and_gives_nothing_away(url: str) -> None:
    checked = replace(CHECKED, checks={"database": migrated, "broken": broken, "hanging": hanging})
    with mock.patch.object(health, "CHECK_SECONDS", 0.05), running(checked, url) as api:
        answer = api.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": "ok",
        "broken": "failed: LookupError",
        "hanging": "no answer within 0.05 s",
    }


def test_a_service_whose_database_is_gone_lives_but_is_not_ready(tmp_path: Path) -> None:
    with running(sample.SERVICE, f"sqlite:///{tmp_path}/gone/base.sqlite3") as api:
        assert api.client.get("/healthz").json() == {"status": "live"}
        answer = api.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"].startswith("failed: ")
