"""Errors as RFC 9457 problems: one class each, declared on the routes that raise it.

Bodies never repeat the caller's input: it may be personal data.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi_rfc9457 import Problem
from fastapi_rfc9457.builtins import InvalidParam, NotAuthenticated, RetryAfter
from fastapi_rfc9457.server import add_problem_handlers, problems
from starlette.exceptions import HTTPException

__all__ = ["InvalidParam", "NotAuthenticated", "Problem", "RetryAfter", "install", "problems"]

URN = "urn:onewindow:problem:"
UNREADABLE = 400
"""How the framework answers a body that it cannot even decode."""


class NotFound(Problem):
    """There is no such record, or it lies outside your area."""

    type = URN + "not-found"
    title = "Not found"
    status = 404


class NotPermitted(Problem):
    """Your role does not hold the permission that this route asks for."""

    type = URN + "not-permitted"
    title = "Not permitted"
    status = 403


class Invalid(Problem):
    """The request is well-formed but some fields are wrong; `errors` names every one."""

    type = URN + "invalid"
    title = "Invalid fields"
    status = 422
    errors: list[InvalidParam]


class VersionRequired(Problem):
    """Writes to this record need `If-Match` with the version that you saw."""

    type = URN + "version-required"
    title = "If-Match required"
    status = 428


class VersionStale(Problem):
    """Somebody changed the record since you read it; `current` is how it stands now."""

    type = URN + "version-stale"
    title = "The record has changed"
    status = 412
    current: dict[str, Any]


class MoveRefused(Problem):
    """The case is not in a state from which this can be done."""

    type = URN + "move-refused"
    title = "Not possible in this state"
    status = 409
    state: str
    action: str


class KeyReused(Problem):
    """This `Idempotency-Key` was used for a different request."""

    type = URN + "idempotency-key-reused"
    title = "Idempotency-Key used before"
    status = 422


class StillRunning(RetryAfter):
    """A request with this `Idempotency-Key` is still running."""

    type = URN + "still-running"
    title = "Still running"
    status = 409


class BadCursor(Problem):
    """The cursor was not made by this list with these filters."""

    type = URN + "bad-cursor"
    title = "Bad cursor"
    status = 422


class Unavailable(RetryAfter):
    """The service cannot answer now."""

    type = URN + "unavailable"
    title = "Temporarily unavailable"
    status = 503


class BadSignature(Problem):
    """The batch of events is not signed by a peer."""

    type = URN + "bad-signature"
    title = "Bad signature"
    status = 401


class Unauthorized(NotAuthenticated):
    """A valid token is needed."""

    type = URN + "unauthorized"
    title = "Sign in first"
    challenge: ClassVar[str] = "Bearer"


GATED = (Unauthorized, NotPermitted)
"""What every route behind a permission may answer; the next ones say it of each kind of route."""
ASKING = (*GATED, Invalid)
READING = (*ASKING, NotFound)
LISTING = (*ASKING, BadCursor)
CREATING = (*ASKING, StillRunning, KeyReused)
CHANGING = (*READING, VersionStale, VersionRequired)
MOVING = (*CHANGING, MoveRefused)


def invalid(fields: Mapping[str, str], *, kind: str = "value_error", where: str = "body") -> Invalid:
    """Build the 422 that names every wrong field: its path with dots -> what is wrong with it.

    `where` is `body`, `query` or `path`.
    """
    errors = [
        InvalidParam(loc=[where, *path.split(".")], detail=reason, type=kind)
        for path, reason in fields.items()
    ]
    return _invalid(errors)


def _invalid(errors: list[InvalidParam]) -> Invalid:
    return Invalid(errors=errors, detail=f"{len(errors)} wrong field(s)")


def _told(error: Mapping[str, Any]) -> str:
    """Return what is wrong; a text's length is told in characters, though its kind be a validated one."""
    message: str = error["msg"]
    return message.replace(" item", " character") if isinstance(error.get("input"), str) else message


def install(app: FastAPI) -> None:
    """Make every error of `app` leave as problem+json, without echoing input or internals.

    What the framework finds wrong with a request is the same `Invalid` that use cases raise.
    """
    add_problem_handlers(app, strip_debug=True, instance_from_request=False)
    as_problem: Any = app.exception_handlers[Problem]
    as_status: Any = app.exception_handlers[HTTPException]

    async def wrong_request(request: Request, error: Any) -> Response:
        errors = [InvalidParam(loc=[*e["loc"]], detail=_told(e), type=e["type"]) for e in error.errors()]
        answer: Response = await as_problem(request, _invalid(errors))
        return answer

    async def refused(request: Request, error: Any) -> Response:
        told = InvalidParam(loc=["body"], detail="this is not JSON", type="json_invalid")
        unreadable = error.status_code == UNREADABLE
        answering = as_problem(request, _invalid([told])) if unreadable else as_status(request, error)
        answer: Response = await answering
        return answer

    app.add_exception_handler(RequestValidationError, wrong_request)
    app.add_exception_handler(HTTPException, refused)
