"""Write services/*/openapi.json from the code, so that a change of the API is seen in review.

A service's description depends on its code alone; the settings given here only let it be built.
"""

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from embedded_environment import SERVICES, Plan, load_secrets

ROOT = Path(__file__).resolve().parent.parent


def committed(service: str) -> Path:
    return ROOT / "services" / service / "openapi.json"


def document(service: str, environment: dict[str, str]) -> str:
    """Return the description that a service gives of itself, as it is committed."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        settings: Any = importlib.import_module(f"onewindow_{service}.settings").Settings()
    finally:
        os.environ.clear()
        os.environ.update(before)
    described = importlib.import_module(f"onewindow_{service}.app").create_app(settings).openapi()
    return json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def documents(services: tuple[str, ...] = SERVICES) -> dict[str, str]:
    """Return the descriptions of these services by name."""
    with tempfile.TemporaryDirectory() as home:
        plan = Plan(Path(home), "sqlite", base_port=8100)
        secrets = load_secrets(plan.home)
        return {service: document(service, plan.environment(service, secrets)) for service in services}


def main() -> None:
    for service, text in documents().items():
        file = committed(service)
        stale = not file.exists() or file.read_text(encoding="utf-8") != text
        file.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{'rewrote' if stale else 'kept'} {file.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
