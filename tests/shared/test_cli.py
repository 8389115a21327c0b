"""What operators type: each command says in JSON what it did, and fails where something is wrong."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from onewindow_shared.contracts.metrics import Metric
from onewindow_shared.plumbing.audit import AuditRecord
from onewindow_shared.plumbing.cli import command_line, run_system
from onewindow_shared.plumbing.outbox import DeadLetter
from onewindow_shared.plumbing.rollups import Facets, delta, figures
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.succession import Gathered
from onewindow_shared.plumbing.unit import Unit
from shared import sample
from shared.events import publish, waiting
from shared.test_rollups import DAY
from testkit.api import SECRETS, XIAN

TESTS = Path(__file__).resolve().parents[1]


def recount(unit: Unit) -> list[dict[str, Any]]:
    if decrypted := os.environ.get("SPILL"):
        raise LookupError(decrypted)
    return [delta(Metric.CASES_RECEIVED, DAY, Facets(), 3, place(XIAN))]


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
    return json.loads(done.stdout) if done.stdout.strip() else None


PASSWORD = "pass-of-the-role"
UNREACHABLE = {
    "postgresql": f"postgresql://role:{PASSWORD}@127.0.0.1:1/base",
    "sqlite": f"sqlite:////nowhere/{PASSWORD}/base.sqlite3",
}


def in_a_process(line: str, **told: str) -> tuple[int, str, str]:
    """Run a command as operators do, where nothing catches what it prints."""
    code = "from shared.test_cli import SERVICE, command_line; command_line(SERVICE)()"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *line.split()],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])} | told,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert not [secret for secret in (PASSWORD, *SECRETS.values()) if secret in done.stdout + done.stderr]
    return done.returncode, done.stdout, done.stderr


def test_a_database_out_of_reach_is_told_in_one_line_without_secrets(backend: str) -> None:
    code, shown, told = in_a_process("relay replay", ONEWINDOW_DATABASE_URL=UNREACHABLE[backend])
    assert (code, shown) == (1, "")
    *logged, said = told.splitlines()
    assert said == "The database cannot be reached."
    assert all(json.loads(entry)["service"] == "sample" for entry in logged)


def test_a_migration_without_its_database_says_so(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEWINDOW_DATABASE_URL", UNREACHABLE[backend])
    done = CliRunner().invoke(command_line(SERVICE), ["migrate"])
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, "The database cannot be reached.")


@pytest.mark.parametrize("line", ["seed", "migrate", "serve", "audit verify"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CURSOR_SECRET", PASSWORD),
        ("DATABASE_URL", PASSWORD),
        ("MAX_DELIVERY_TRIES", PASSWORD),
        ("PEERS", PASSWORD),
    ],
)
def test_a_bad_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, line: str, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ONEWINDOW_{name}", value)
    done = CliRunner().invoke(command_line(SERVICE), line.split())
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert name in done.stderr.upper()
    assert value not in done.stderr


def test_what_a_defect_of_a_command_worked_on_is_not_shown(url: str) -> None:
    code, shown, told = in_a_process("metrics rebuild", ONEWINDOW_DATABASE_URL=url, SPILL=PASSWORD)
    assert (code, shown) == (1, "")
    logged, said = told.splitlines()
    assert json.loads(logged)["exception"][0]["type"] == "builtins.LookupError"
    assert said == "The command failed; the log says where."


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


def test_the_audit_of_a_record_is_listed_with_its_reasons_and_asking_is_written_down() -> None:
    def acted(unit: Unit) -> None:
        for number in ("1", "1", "2"):
            unit.audit("a.b", "thing", number, reason=f"为何 {number}")

    run_system(SERVICE, acted)
    first, second = run("audit", "show", "thing", "1")
    assert [(row["action"], row["reason"]) for row in (first, second)] == [("a.b", "为何 1")] * 2
    assert run("audit", "show", "thing", "1", "--limit", "1") == [first]
    asked = run("audit", "show", "thing", "1", "--after", str(second["id"]))
    assert [(row["action"], row["reason"]) for row in asked] == [("audit.shown", None)] * 2


def test_counters_are_rebuilt() -> None:
    run_system(SERVICE, lambda unit: unit.count(Metric.CASES_ACCEPTED, 9, community=XIAN))
    assert run("metrics", "rebuild") == {"rebuilt": True}
    found = run_system(SERVICE, lambda unit: figures(unit.session, Gathered(XIAN), DAY, DAY))
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
