"""Write services/*/openapi.json from the code, so that a change of an API is seen in review."""

import json
import subprocess
import sys
from pathlib import Path

from embedded_environment import SERVICES

ROOT = Path(__file__).resolve().parent.parent


def committed(service: str) -> Path:
    """Return the file in which a service's description is kept."""
    return ROOT / "services" / service / "openapi.json"


def described(service: str) -> str:
    """Return the description that a service gives of itself, in the form in which it is kept."""
    command = [sys.executable, "-m", f"onewindow_{service}", "openapi"]
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.dumps(json.loads(printed), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main() -> None:
    for service in SERVICES:
        file, text = committed(service), described(service)
        stale = not file.exists() or file.read_text(encoding="utf-8") != text
        file.write_text(text, encoding="utf-8")
        print("rewrote" if stale else "kept   ", file.relative_to(ROOT))


if __name__ == "__main__":
    main()
