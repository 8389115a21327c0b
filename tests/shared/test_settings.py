"""A service starts only with secrets of its own, and never prints them."""

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from pydantic import ValidationError

from onewindow_shared.plumbing.clock import system_clock
from onewindow_shared.plumbing.settings import ServiceSettings
from testkit.api import SECRETS

NEEDED: dict[str, Any] = {
    "database_url": "postgresql://role:pass-word@host/base",
    "issuer": "https://issuer.test",
    "jwks_url": "https://issuer.test/auth/jwks.json",
    **SECRETS,
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ServiceSettings.model_fields:
        monkeypatch.delenv(f"ONEWINDOW_{name.upper()}", raising=False)


@pytest.mark.parametrize("missing", NEEDED)
def test_nothing_secret_and_no_address_has_a_default(missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        ServiceSettings(**{name: value for name, value in NEEDED.items() if name != missing})


@pytest.mark.parametrize("name", ["cursor_secret", "events_secret"])
def test_a_secret_that_can_be_guessed_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        ServiceSettings(**NEEDED | {name: "secret"})


def test_what_is_wrong_is_said_without_the_secrets() -> None:
    with pytest.raises(ValidationError) as refused:
        ServiceSettings(**NEEDED | {"issuer": None, "database_connections": "many"})
    with pytest.raises(ValidationError) as shifted:
        ServiceSettings(**NEEDED, clock_file=Path("clock"))
    for told in (str(refused.value), str(shifted.value), repr(ServiceSettings(**NEEDED))):
        assert not [secret for secret in ("pass-word", *SECRETS.values()) if secret in told]


def test_only_the_embedded_run_may_shift_the_clock(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="embedded"):
        ServiceSettings(**NEEDED, clock_file=tmp_path / "clock")
    shift = tmp_path / "clock"
    embedded = ServiceSettings(**NEEDED, clock_file=shift, embedded=True)
    clock = embedded.clock
    assert abs((clock() - system_clock()).total_seconds()) < 5, "a missing file shifts nothing"
    shift.write_text("86400", encoding="utf-8")
    assert abs((clock() - system_clock()).total_seconds() - 86400) < 5
    assert ServiceSettings(**NEEDED).clock is system_clock


def test_a_shifted_clock_reads_its_file_once(tmp_path: Path) -> None:
    shift = tmp_path / "clock"
    shift.write_text("60", encoding="utf-8")
    embedded = ServiceSettings(**NEEDED, clock_file=shift, embedded=True)
    with mock.patch.object(Path, "read_text", autospec=True, side_effect=Path.read_text) as reading:
        for _ in range(5):
            embedded.clock()
    assert reading.call_count == 1


def test_secrets_come_from_files_and_the_environment_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in NEEDED.items():
        (tmp_path / f"onewindow_{name}").write_text(value, encoding="utf-8")
    monkeypatch.setenv("ONEWINDOW_ISSUER", "https://other.test")
    found = ServiceSettings(_secrets_dir=tmp_path)
    assert found.database_url.get_secret_value() == NEEDED["database_url"]
    assert found.issuer == "https://other.test"
