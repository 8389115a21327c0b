"""The four services as values, their routes and their sources: what the guards look at."""

import ast
import importlib
import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from onewindow_shared.plumbing.runtime import Gate
from onewindow_shared.plumbing.service import Service, create_app

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("intake", "casework", "volunteers", "gateway")
each_service = pytest.mark.parametrize("name", SERVICES)
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@cache
def service(name: str) -> Service:
    found: Service = importlib.import_module(f"onewindow_{name}.app").SERVICE
    return found


@cache
def app(name: str) -> FastAPI:
    return create_app(service(name))


@cache
def description(name: str) -> dict[str, Any]:
    """Return the committed description of a service; a guard keeps it fresh."""
    read: dict[str, Any] = json.loads((ROOT / "services" / name / "openapi.json").read_text(encoding="utf-8"))
    return read


@dataclass(frozen=True)
class Endpoint:
    """One route of one service, with everything it depends on."""

    service: str
    method: str
    path: str
    route: APIRoute
    dependencies: tuple[Dependant, ...]

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def gates(self) -> list[Gate]:
        return [inner.call for inner in self.dependencies if isinstance(inner.call, Gate)]

    @property
    def calls(self) -> list[Callable[..., Any]]:
        return [inner.call for inner in self.dependencies if inner.call is not None]

    @property
    def headers(self) -> set[str]:
        return {field.alias.lower() for inner in self.dependencies for field in inner.header_params}

    @property
    def queries(self) -> set[str]:
        return {field.alias for inner in self.dependencies for field in inner.query_params}


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _all(inner)


@cache
def endpoints(name: str) -> tuple[Endpoint, ...]:
    return tuple(
        Endpoint(
            name, method, str(context.path_format), context.original_route, tuple(_all(context.dependant))
        )
        for context in iter_route_contexts(app(name).routes)
        if isinstance(context.original_route, APIRoute)
        for method in sorted(context.methods or ())
    )


@dataclass(frozen=True)
class Source:
    """A module of a service."""

    service: str
    path: Path
    tree: ast.Module

    @property
    def label(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def inner(self) -> str:
        """Its path inside the package, as `cases/service.py`."""
        return self.path.relative_to(package(self.service)).as_posix()

    def names(self) -> set[str]:
        """Every name and attribute chain that is used, as `datetime.now`."""
        nodes = ast.walk(self.tree)
        return {ast.unparse(node) for node in nodes if isinstance(node, ast.Name | ast.Attribute)}

    def imports(self) -> set[str]:
        """Every imported module, and every imported name with its module."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        return found


def package(name: str) -> Path:
    return ROOT / "services" / name / "src" / f"onewindow_{name}"


@cache
def sources(name: str) -> tuple[Source, ...]:
    files = sorted(package(name).rglob("*.py"))
    return tuple(Source(name, file, ast.parse(file.read_text(encoding="utf-8"))) for file in files)


def own_sources(name: str) -> list[Source]:
    """Every module but the migrations, which stay as they were written."""
    return [source for source in sources(name) if "migrations" not in source.inner]


class Labelled(Protocol):
    @property
    def label(self) -> str: ...


T = TypeVar("T", bound=Labelled)


def of_every(
    many: Callable[[str], Iterable[T]],
) -> Callable[[Callable[[T], None]], Callable[[str], None]]:
    """Hold a rule against all that a service has of something, in one test.

    A test of its own for each of thousands would cost more than the looking.
    """

    def hold(rule: Callable[[T], None]) -> Callable[[str], None]:
        @each_service
        def test(name: str) -> None:
            if broken := list(filter(None, (_broken(rule, one) for one in many(name)))):
                raise ExceptionGroup(f"{name} does not hold to it", broken)

        test.__doc__ = rule.__doc__
        return test

    return hold


def _broken(rule: Callable[[T], None], one: T) -> AssertionError | None:
    try:
        rule(one)
    except AssertionError as error:
        error.add_note(one.label)
        return error
    return None


each_endpoint = of_every(endpoints)
each_source = of_every(own_sources)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that belongs to the project."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607 - wherever git is
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout of a repository")
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())
