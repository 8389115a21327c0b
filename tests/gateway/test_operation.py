"""Readiness and the commands of operators."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
import uvicorn
from standardwebhooks.webhooks import Webhook
from typer.testing import CliRunner

from conftest import FreshDatabase
from gateway.people import CLERK
from onewindow_gateway.__main__ import main
from onewindow_gateway.demo import demo
from onewindow_gateway.settings import BEHIND, Settings
from onewindow_gateway.signing import SigningKeys
from onewindow_shared.plumbing import logs
from onewindow_shared.plumbing.migrations import migrate
from onewindow_shared.plumbing.sealed import vault_from
from testkit.api import Api


def test_it_is_ready_by_itself(api: Api) -> None:
    assert api.client.get("/readyz").json() == {
        "ready": True,
        "checks": {"database": "ok", "signing keys": "ok"},
    }


def bare(*words: str) -> Any:
    """What a command prints in an environment without any setting."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONEWINDOW_")}
    line = [sys.executable, "-m", "onewindow_gateway", *words]
    return json.loads(subprocess.run(line, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def test_fresh_secrets_are_printed_without_any_setting_and_fit() -> None:
    fresh, other = bare("new-secrets"), bare("new-secrets")
    assert all(fresh[name] != other[name] for name in fresh)
    vault_from(fresh["ONEWINDOW_DATA_KEYS"], fresh["ONEWINDOW_INDEX_KEY"])
    SigningKeys.parse(fresh["ONEWINDOW_SIGNING_KEYS"])
    Webhook(fresh["ONEWINDOW_EVENTS_SECRET"])
    assert len(fresh["ONEWINDOW_CURSOR_SECRET"]) >= 32
    assert set(fresh) <= {f"ONEWINDOW_{name.upper()}" for name in Settings.model_fields}


def test_demo_accounts_are_printed_without_any_setting() -> None:
    people = bare("demo-accounts")
    assert [one.get("username") for one in people][: len(demo().accounts)] == [
        one.username for one in demo().accounts
    ]
    assert [one["phone"] for one in people if "phone" in one] == ["+8613800138000", "+8613900139000"]
    assert not any("password" in one for one in people)


def test_demo_accounts_come_with_their_password_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEWINDOW_DEMO_PASSWORD", "read-me-out")
    people = json.loads(CliRunner().invoke(main, ["demo-accounts"]).stdout)
    assert people[0]["username"] == CLERK
    assert people[0]["password"] == "read-me-out"


def test_operators_commands_work_on_this_service(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {
        **bare("new-secrets"),
        "ONEWINDOW_DATABASE_URL": fresh_database("gateway"),
        "ONEWINDOW_ISSUER": "https://issuer.test",
        "ONEWINDOW_JWKS_URL": "https://issuer.test/auth/jwks.json",
        "ONEWINDOW_EMBEDDED": "true",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    for line in ("seed", "seed", "keys reencrypt", "audit seal", "audit verify", "relay status"):
        result = CliRunner().invoke(main, line.split())
        assert result.exit_code == 0, (line, result.output)


def test_the_embedded_run_prepares_and_serves_in_one_process(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_database("gateway")
    migrate("gateway", url, down_to="base")
    told = {
        **bare("new-secrets"),
        "ONEWINDOW_DATABASE_URL": url,
        "ONEWINDOW_ISSUER": "https://issuer.test",
        "ONEWINDOW_JWKS_URL": "https://issuer.test/auth/jwks.json",
        "ONEWINDOW_PEERS": json.dumps({name: f"http://{name}.test" for name in BEHIND}),
        "ONEWINDOW_EMBEDDED": "true",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    served: list[list[str]] = []

    def serve(_app: object, **_options: Any) -> None:
        lines = CliRunner().invoke(main, ["accounts", "list"]).stdout.splitlines()
        served.append([json.loads(line)["username"] for line in lines])

    monkeypatch.setattr(uvicorn, "run", serve)
    monkeypatch.setattr(logs, "configure", lambda *_, **__: None)
    result = CliRunner().invoke(main, ["serve", "--prepare"])
    assert result.exit_code == 0, result.output
    assert served == [sorted(one.username for one in demo().accounts)]


def test_demo_accounts_are_not_made_outside_the_embedded_run(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = bare("new-secrets") | {
        "ONEWINDOW_DATABASE_URL": fresh_database("gateway"),
        "ONEWINDOW_ISSUER": "https://issuer.test",
        "ONEWINDOW_JWKS_URL": "https://issuer.test/auth/jwks.json",
    }
    del told["ONEWINDOW_DEMO_PASSWORD"]
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["seed"])
    assert result.exit_code == 1
    assert "embedded run" in result.stderr
