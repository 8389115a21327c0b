"""Resolve requirements.in into requirements.lock, and what images need of it into deploy/requirements.lock.

Both files carry hashes and no address; plain `pip install --require-hashes -r` installs them.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
IMAGE_LOCK = ROOT / "deploy" / "requirements.lock"
PROJECTS = (ROOT / "shared", *sorted((ROOT / "services").iterdir()))
FLAGS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--quiet",
)


def direct_dependencies(project: Path) -> list[str]:
    """Return what a distribution of this repository needs from outside it."""
    listed = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    return [line for line in listed if not line.startswith("onewindow-")]


def compile_lock(uv: str, target: Path, *arguments: str, requirements: str) -> None:
    subprocess.run(
        [uv, "pip", "compile", *FLAGS, *arguments, "--output-file", target, "-"],
        input=requirements,
        text=True,
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def main(arguments: list[str]) -> None:
    """Write both locks; `--upgrade` and the like are handed on to uv."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("make lock needs uv on the path: pip install uv")
    compile_lock(uv, LOCK, *arguments, requirements=(ROOT / "requirements.in").read_text(encoding="utf-8"))
    needed = sorted({line for project in PROJECTS for line in direct_dependencies(project)})
    compile_lock(uv, IMAGE_LOCK, "--constraint=requirements.lock", requirements="\n".join(needed))


if __name__ == "__main__":
    main(sys.argv[1:])
