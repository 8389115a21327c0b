"""Merging the services' OpenAPI documents into one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

Document = dict[str, Any]
SCHEMAS = "#/components/schemas/"
LEFT_OUT = ("/healthz", "/readyz", "/internal/")
"""What is for operators and peers alone."""


def merge(about: str, issuer: str, documents: Mapping[str, Document | None]) -> Document:
    """Return one document of all services by name, None for one that gave none.

    `issuer` is the public address, where tokens are had.
    Schemas that are the same everywhere keep their names; others gain their service's in front.
    """
    told = {name: document for name, document in documents.items() if document is not None}
    clashing = clashes({name: _schemas(document) for name, document in told.items()})
    paths: Document = {}
    schemas: Document = {}
    for name, document in told.items():
        renamed = {schema: name.capitalize() + schema for schema in clashing}
        part = _renamed(document, renamed)
        schemas |= {renamed.get(schema, schema): said for schema, said in _schemas(part).items()}
        paths |= {path: said for path, said in part["paths"].items() if not path.startswith(LEFT_OUT)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "One Window", "version": "1.0.0", "description": _about(about, documents)},
        "security": [{"bearer": []}, {"password": []}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": _schemes(issuer)},
    }


def _schemes(issuer: str) -> Document:
    address = f"{issuer}/auth/token"
    flow = {"tokenUrl": address, "refreshUrl": address, "scopes": {}}
    return {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "password": {"type": "oauth2", "flows": {"password": flow}},
    }


def _about(about: str, documents: Mapping[str, Document | None]) -> str:
    absent = sorted(name for name, document in documents.items() if document is None)
    if not absent:
        return about
    return f"{about}\n\nNot described here, because they did not answer just now: {', '.join(absent)}."


def _schemas(document: Document) -> Document:
    found: Document = document.get("components", {}).get("schemas", {})
    return found


def clashes(schemas: Mapping[str, Document]) -> set[str]:
    """Return the names that mean different things, and those that are the same but name one that does."""
    meanings: dict[str, list[Any]] = defaultdict(list)
    for document in schemas.values():
        for name, said in document.items():
            meanings[name].append(said)
    found = {name for name, said in meanings.items() if any(one != said[0] for one in said)}
    shared = {name: set(_named(said[0])) for name, said in meanings.items() if len(said) > 1}
    while more := {name for name, uses in shared.items() if name not in found and uses & found}:
        found |= more
    return found


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _named(value)
    elif isinstance(node, list):
        for value in node:
            yield from _named(value)
    elif isinstance(node, str) and node.startswith(SCHEMAS):
        yield node.removeprefix(SCHEMAS)


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    """Change every reference to a renamed schema, in `$ref` and in the mappings of discriminators."""
    if isinstance(node, dict):
        return {key: _renamed(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [_renamed(value, names) for value in node]
    if isinstance(node, str) and node.startswith(SCHEMAS):
        name = node.removeprefix(SCHEMAS)
        return SCHEMAS + names.get(name, name)
    return node
