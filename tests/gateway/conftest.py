"""The running gateway with its demo accounts, its own keys, and a sender of codes that only remembers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

from conftest import FreshDatabase
from gateway.people import KEYS, PASSWORD, Phones
from onewindow_gateway import passwords
from onewindow_gateway.app import SERVICE
from onewindow_gateway.demo import demo
from onewindow_gateway.deps import Gateway
from onewindow_gateway.revocations import Unrevoked
from onewindow_gateway.seed import load
from onewindow_gateway.settings import Settings
from onewindow_gateway.tokens import OwnTokens
from onewindow_shared.contracts.access import Claims
from onewindow_shared.plumbing.problems import Unauthorized
from onewindow_shared.plumbing.runtime import Verifier
from testkit.api import Api, running

Open = Callable[..., AbstractContextManager[Api]]
TOLD: dict[str, Any] = {"signing_keys": KEYS, "demo_password": PASSWORD}


@dataclass
class Both:
    """Tokens that tests make up, and the gateway's own."""

    made_up: Verifier
    own: Verifier

    async def verify(self, token: str) -> Claims:
        try:
            return await self.made_up.verify(token)
        except Unauthorized:
            return await self.own.verify(token)


def held(api: Api) -> Gateway:
    gateway: Gateway = api.app.state.gateway
    return gateway


@pytest.fixture
def phones() -> Phones:
    return Phones()


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "_HASH", quick)


def furnished(url: str) -> None:
    """Put in the demo accounts."""
    with running(SERVICE, url, **TOLD) as api:
        api.system(lambda unit: load(unit, demo(), SecretStr(PASSWORD)))


@pytest.fixture
def open_gateway(fresh_database: FreshDatabase, phones: Phones) -> Open:
    """Return a function that runs the gateway with given settings on this test's database."""
    url = fresh_database("gateway", furnished)

    @contextmanager
    def opened(**settings: Any) -> Iterator[Api]:
        with running(SERVICE, url, **(TOLD | settings)) as api:
            api.app.state.gateway = replace(held(api), sender=phones)
            own = OwnTokens(cast("Settings", api.runtime.settings))
            api.runtime.verifier = Unrevoked(Both(api.people, own), held(api).revocations)
            yield api

    return opened


@pytest.fixture
def api(open_gateway: Open) -> Iterator[Api]:
    with open_gateway() as api:
        yield api
