"""A container's service starts with exactly what the compose file gives it, and notices what is missing."""

import os
import re
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from embedded_environment import SERVICES
from guards.test_deployment import PARTS, image_environment, mounted, settings_of
from onewindow_gateway.fresh import new_secrets
from onewindow_gateway.front import front
from onewindow_gateway.sms import WebhookSender, sender_from

CONTAINERS = [*SERVICES, *(f"migrate-{service}" for service in SERVICES)]
OTHER_SECRETS = {
    "ONEWINDOW_DATABASE_URL": "postgresql://role:password@postgres:5432/database",
    "ONEWINDOW_NOTICE_WEBHOOK_SECRET": "bm90aWNlLXNlY3JldC1mb3ItdGVzdHMtMzItYnl0ZXM=",
    "ONEWINDOW_SMS_WEBHOOK_SECRET": "c21zLXNlY3JldC1mb3ItdGVzdHMtb25seS0zMmI=",
}
each_container = pytest.mark.parametrize("container", CONTAINERS)


def as_started(value: str) -> str:
    """A variable where the operator set nothing but what has to be set."""
    default = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value)
    return re.sub(r"\$\{\w+:\?.*?\}", "https://set.example", default)


def given(container: str) -> dict[str, str]:
    """Return every setting of a container by variable."""
    part: dict[str, Any] = PARTS[container]
    secrets = new_secrets() | OTHER_SECRETS
    said = {**image_environment(container.removeprefix("migrate-")), **part["environment"]}
    shown = {name: as_started(value) for name, value in said.items() if name.startswith("ONEWINDOW_")}
    return shown | {target.upper(): secrets[target.upper()] for target in mounted(part)}


def start(container: str, told: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Read the settings of a container from these variables alone."""
    for name in [name for name in os.environ if name.startswith("ONEWINDOW_")]:
        monkeypatch.delenv(name)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return settings_of(container.removeprefix("migrate-"))()


@each_container
def test_a_container_gives_its_service_settings_that_it_accepts(
    container: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = start(container, given(container), monkeypatch)
    assert not settings.embedded
    assert set(settings.peers) == set(SERVICES)


@each_container
def test_a_container_that_lacks_a_setting_does_not_start(
    container: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = given(container)
    fields = settings_of(container.removeprefix("migrate-")).model_fields
    for needed in [name for name, field in fields.items() if field.is_required()]:
        less = {name: value for name, value in told.items() if name != f"ONEWINDOW_{needed.upper()}"}
        with pytest.raises(ValidationError, match=needed):
            start(container, less, monkeypatch)


@pytest.mark.parametrize("proxies", [None, '["172.18.0.1/32"]'])
def test_the_gateways_container_sends_codes_and_knows_its_proxies(
    proxies: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = given("gateway") | ({"ONEWINDOW_TRUSTED_PROXIES": proxies} if proxies else {})
    settings = start("gateway", told, monkeypatch)
    assert isinstance(sender_from(settings, httpx2.AsyncClient()), WebhookSender)
    front(FastAPI(), settings)
