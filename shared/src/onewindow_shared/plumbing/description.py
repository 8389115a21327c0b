"""The OpenAPI description says of every route who may call it.

A token is needed everywhere (`security` of the document) but on routes that let everyone in, which carry
`security: []` and, in `x-public`, why; the others name their permission in `x-permission`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from onewindow_shared.plumbing.runtime import Gate

BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


def install(app: FastAPI) -> None:
    """Make the description of `app` include access; call it after everything else that changes it."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        _mark_access(document, app.routes)
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's own way of extending it


def _mark_access(document: dict[str, Any], routes: Sequence[BaseRoute]) -> None:
    document["security"] = [{"bearer": []}]
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["bearer"] = BEARER
    for route in iter_route_contexts(routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            said = _access(route)
            for method in route.methods or ():
                document["paths"][route.path_format][method.lower()].update(said)


def _access(route: RouteContext) -> dict[str, Any]:
    gate = next(_gates(route.dependant), None)
    if gate is not None and gate.permission is not None:
        return {"x-permission": gate.permission}
    return {"security": [], "x-public": gate.why_public} if gate else {"security": []}


def _gates(dependant: Dependant) -> Iterator[Gate]:
    if isinstance(dependant.call, Gate):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _gates(inner)
