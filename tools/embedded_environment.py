"""What each service of the embedded run is told: addresses, databases, secrets."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SERVICES = ("gateway", "intake", "casework", "volunteers")
"""In the order of their ports: the gateway has the first, at which everything is reached."""

HOST = "127.0.0.1"
GATEWAY_ONLY = frozenset({"ONEWINDOW_SIGNING_KEYS", "ONEWINDOW_DEMO_PASSWORD"})


class SuiteError(Exception):
    """The suite cannot start or go on; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Plan:
    """Where the suite lives and what its services are told.

    `database` is `sqlite` (files in `home`) or a PostgreSQL URL in which `{service}` stands for the service's
    name, as `postgresql://user@host/onewindow_{service}`; such databases must exist. `settings` are added for
    every service.
    """

    home: Path
    database: str
    base_port: int
    clock_file: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def port(self, service: str) -> int:
        return self.base_port + SERVICES.index(service)

    def address(self, service: str) -> str:
        return f"http://{HOST}:{self.port(service)}"

    def log(self, service: str) -> Path:
        return self.home / "log" / f"{service}.log"

    def database_url(self, service: str) -> str:
        if self.database == "sqlite":
            return f"sqlite:///{self.home / service}.sqlite3"
        return self.database.replace("{service}", service)

    def environment(self, service: str, secrets: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of a service: what this process has, then the suite's own."""
        gateway = self.address("gateway")
        own = {
            "ONEWINDOW_EMBEDDED": "true",
            "ONEWINDOW_DATABASE_URL": self.database_url(service),
            "ONEWINDOW_LISTEN": f"{HOST}:{self.port(service)}",
            "ONEWINDOW_ISSUER": gateway,
            "ONEWINDOW_JWKS_URL": f"{gateway}/auth/jwks.json",
            "ONEWINDOW_PEERS": json.dumps({name: self.address(name) for name in SERVICES}),
            "PYTHONUNBUFFERED": "1",
        }
        if service == "intake":
            own["ONEWINDOW_DOCUMENTS_URL"] = (self.home / "documents").resolve().as_uri()
        if self.clock_file:
            own["ONEWINDOW_CLOCK_FILE"] = str(self.clock_file.resolve())
        told = {
            name: value for name, value in secrets.items() if service == "gateway" or name not in GATEWAY_ONLY
        }
        return os.environ | own | told | dict(self.settings)


def load_secrets(home: Path) -> dict[str, str]:
    """Return the secrets of this home by variable; the first time they are made, readable by their owner."""
    file = home / "secrets.json"
    if not file.exists():
        from onewindow_gateway.fresh import new_secrets

        _write_private(file, json.dumps(new_secrets()))
    secrets: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return secrets


def _write_private(file: Path, text: str) -> None:
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as target:
        target.write(text)
    draft.replace(file)
