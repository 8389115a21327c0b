"""Merging the services' OpenAPI documents into one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
SCHEMAS = "#/components/schemas/"
LEFT_OUT = ("/healthz", "/readyz", "/internal/")
"""What is for operators and peers alone."""
OF_THE_EDGE: Mapping[str, str] = {
    "400": "The address, a header or the framing of the body is not allowed.",
    "408": "The body did not arrive in time.",
    "413": "The body is larger than this address takes.",
    "429": "A limit is used up; `Retry-After` says when it is not.",
    "502": "The service broke off; whether the request took effect is not known.",
    "503": "The service cannot be reached at the moment.",
    "504": "The service did not answer in time.",
}
"""What the gateway may answer to any request in a service's place, by status."""


@dataclass(frozen=True)
class Description:
    """The one description as JSON, and whether every service is in it."""

    json: bytes
    whole: bool


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
        paths |= {
            path: {method: _at_the_edge(operation) for method, operation in said.items()}
            for path, said in part["paths"].items()
            if not path.startswith(LEFT_OUT)
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "One Window", "version": "1.0.0", "description": _about(about, documents)},
        "security": [{"bearer": []}, {"password": []}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": _schemes(issuer)},
    }


def _at_the_edge(operation: Document) -> Document:
    """Add what the gateway answers by itself; what a service says of a status goes before."""
    return {**operation, "responses": {**_EDGE_ANSWERS, **operation.get("responses", {})}}


_PROBLEM: Document = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_EDGE_ANSWERS: Document = {
    status: {"description": why, "content": {"application/problem+json": {"schema": _PROBLEM}}}
    for status, why in OF_THE_EDGE.items()
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
