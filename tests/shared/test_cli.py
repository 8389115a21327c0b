"""What operators type: each command says in JSON what it did, and fails where something is wrong."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.cli import command_line, run_system
from onewindow_shared.plumbing.outbox import DeadLetter
from onewindow_shared.plumbing.rollups import delta, figures
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.unit import Unit
from shared import sample
from shared.events import publish, waiting
from shared.test_rollups import DAY
from testkit.api import SECRETS, XIAN


def recount(unit: Unit) -> list[dict[str, Any]]:
    return [delta(Metric.CASES_RECEIVED, DAY, "", 3, place(XIAN))]


def seed(unit: Unit) -> None:
    sample.thing(unit, "seeded")


SERVICE = replace(sample.SERVICE, recount=recount, seed=seed)


@pytest.fixture(autouse=True)
def _environment(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"database_url": url, "issuer": "https://i.test", "jwks_url": "https://i.test/jwks", **SECRETS}
    for name, value in told.items():
        monkeypatch.setenv(f"ONEWINDOW_{name.upper()}", value)


def run(*words: str, code: int = 0) -> Any:
    done = CliRunner().invoke(command_line(SERVICE), words)
    assert done.exit_code == code, done.output
    return json.loads(done.output) if done.output.strip() else None


def test_the_seed_is_loaded() -> None:
    run("seed")
    assert run_system(SERVICE, sample.labels) == ["seeded"]


def test_events_on_their_way_are_counted_and_dead_ones_sent_again() -> None:
    run_system(SERVICE, lambda unit: publish(unit, ("a", 1)))
    letter = {"event_id": "e", "key": "a", "type": "t", "body": "{}", "tries": 10, "reason": "ValueError"}
    run_system(
        SERVICE,
        lambda unit: unit.session.add(DeadLetter(**letter, destination="left", died_at=unit.now)),
    )
    assert run("relay", "status") == {"waiting": {"left": 1, "right": 1}, "dead": {"left": 1}}
    assert run("relay", "replay") == {"replayed": 1}
    assert run_system(SERVICE, waiting) == 2


def test_the_audit_is_sealed_and_verified() -> None:
    run_system(SERVICE, lambda unit: unit.audit("a.b", "thing", "1"))
    assert run("audit", "seal") == {"sealed": 1}
    assert run("audit", "verify") == {"sound": True, "faults": []}
    run_system(SERVICE, lambda unit: unit.session.execute(update(AuditRecord).values(actor="forged")))
    assert run("audit", "verify", code=1)["sound"] is False


def test_counters_are_rebuilt() -> None:
    run_system(SERVICE, lambda unit: unit.count(Metric.CASES_ACCEPTED, 9, community=XIAN))
    assert run("metrics", "rebuild") == {"rebuilt": True}
    found = run_system(SERVICE, lambda unit: figures(unit.session, XIAN, DAY, DAY))
    assert found == {Metric.CASES_RECEIVED: 3}


def test_a_service_without_counters_says_so() -> None:
    done = CliRunner().invoke(command_line(sample.SERVICE), ["metrics", "rebuild"])
    assert done.exit_code == 1


def test_keys_are_renewed() -> None:
    assert run("keys", "reencrypt") == {"resealed": 0}


def test_the_api_is_described_without_any_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_url", *SECRETS):
        monkeypatch.delenv(f"ONEWINDOW_{name.upper()}")
    assert "/api/sample/v1/things" in run("openapi")["paths"]
