"""Resolve requirements.in into requirements.lock, and cut from it what the images need.

deploy/requirements.lock is what runs in an image, deploy/build.lock what builds the wheels for it. All three
carry hashes and no address; plain `pip install --require-hashes -r` installs them. Needs uv on the path.
"""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
IMAGE_LOCK = ROOT / "deploy" / "requirements.lock"
BUILD_LOCK = ROOT / "deploy" / "build.lock"
PROJECTS = (ROOT / "shared", *sorted((ROOT / "services").iterdir()))
FLAGS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
    "--quiet",
)


def running(project: dict[str, Any]) -> list[str]:
    """Return what a distribution of this repository needs from outside it."""
    return [line for line in project["project"]["dependencies"] if not line.startswith("onewindow-")]


def building(project: dict[str, Any]) -> list[str]:
    return list(project["build-system"]["requires"])


def compile_lock(uv: str, target: Path, *arguments: str, requirements: Iterable[str]) -> None:
    subprocess.run(
        [uv, "pip", "compile", *FLAGS, *arguments, "--output-file", target, "-"],
        input="\n".join(requirements),
        text=True,
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def main(arguments: list[str]) -> None:
    """Write the locks; `--upgrade` and the like are handed on to uv."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("make lock needs uv on the path: pip install uv")
    wanted = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    compile_lock(uv, LOCK, *arguments, requirements=wanted)
    projects = [tomllib.loads((path / "pyproject.toml").read_text(encoding="utf-8")) for path in PROJECTS]
    for target, needs in ((IMAGE_LOCK, running), (BUILD_LOCK, building)):
        lines = sorted({line for project in projects for line in needs(project)})
        compile_lock(uv, target, "--constraint=requirements.lock", requirements=lines)


if __name__ == "__main__":
    main(sys.argv[1:])
