"""Query parameters gathered in one value, and those that no route asks for, or what comes twice, refused.

A class as a dependency would be called in a thread of its own, for every request (FastAPI takes whatever is
not `async def` for something that may block).
"""

import inspect
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from typing import Annotated, Any, get_args, get_origin

from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query as QueryInfo
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from onewindow_shared.plumbing.bodies import REPEATED, expect_once, is_json
from onewindow_shared.plumbing.problems import invalid

UNKNOWN = "extra_forbidden"
"""What the framework calls a field of a body that is not known, too."""
SEVERAL = (list, tuple, set, frozenset)
"""What a parameter that may be given more than once is gathered in."""


def from_query(kind: Callable[..., Any]) -> Any:
    """Depend on a dataclass or a contract whose fields are query parameters."""

    async def gathered(**values: Any) -> Any:
        try:
            return kind(**values)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False, include_context=False)
            raise RequestValidationError([{**one, "loc": ("query", *one["loc"])} for one in wrong]) from None

    called: Callable[..., Awaitable[Any]] = gathered
    signature = inspect.signature(kind)
    fields = getattr(kind, "model_fields", {})
    parameters = [_told(one, fields.get(name)) for name, one in signature.parameters.items()]
    told = signature.replace(parameters=parameters)
    called.__signature__ = told  # type: ignore[attr-defined] # read by FastAPI
    return Depends(called)


async def expect_known(request: Request) -> None:
    """Raise `Invalid` that names every parameter which the route's description does not list, or lists once.

    A misspelt filter would list everything, and of two values of a filter, or of a field of the body, one
    would be lost. Pages are not described: messengers and search engines put parameters of their own into
    the addresses that they lead to.
    """
    route = request.scope["route"]
    if route.body_field is not None and is_json(request):
        expect_once(await request.body())
    if not request.scope["query_string"] or not route.include_in_schema:
        return
    several = dict(_asked_for(route.dependant))
    told = Counter(name for name, _ in request.query_params.multi_items())
    unknown = [name for name in told if name not in several]
    if unknown:
        raise invalid(dict.fromkeys(unknown, "this route has no such parameter"), kind=UNKNOWN, where="query")
    repeated = [name for name, times in told.items() if times > 1 and not several[name]]
    if repeated:
        raise invalid(dict.fromkeys(repeated, "this takes one value"), kind=REPEATED, where="query")


def _asked_for(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Yield the name of each parameter and whether it takes several values."""
    for field in dependant.query_params:
        kind = field.field_info.annotation
        yield field.alias, any(get_origin(one) in SEVERAL for one in (kind, *get_args(kind)))
    for inner in dependant.dependencies:
        yield from _asked_for(inner)


def expect_period(first: date, last: date) -> None:
    """Raise `Invalid` where the days `from` and `to` of a request make no period."""
    if first > last:
        raise invalid({"to": "the period ends before it begins"}, where="query")


def _told(parameter: inspect.Parameter, field: FieldInfo | None) -> inspect.Parameter:
    """Say of each field what it means and that it is a query parameter; FastAPI would look in the body."""
    if any(isinstance(info, QueryInfo) for info in getattr(parameter.annotation, "__metadata__", ())):
        return parameter
    means = Query(description=field.description if field else None)
    return parameter.replace(annotation=Annotated[parameter.annotation, means])
