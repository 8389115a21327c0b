"""How a request for tokens is read: as JSON, or as the form that RFC 6749 prescribes."""

from typing import Annotated, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, TypeAdapter, ValidationError

from onewindow_shared.contracts.accounts import PasswordSignIn, RefreshIn
from onewindow_shared.plumbing.conditional import JSON_TYPE

FORM_TYPE = "application/x-www-form-urlencoded"
TokenRequest = Annotated[PasswordSignIn | RefreshIn, Field(discriminator="grant_type")]
_REQUESTS: TypeAdapter[PasswordSignIn | RefreshIn] = TypeAdapter(TokenRequest)
_FIELDS = ("grant_type", "username", "password", "refresh_token")
_SCHEMA: dict[str, Any] = {
    "oneOf": [{**kind.model_json_schema(), "title": kind.__name__} for kind in (PasswordSignIn, RefreshIn)],
}
FORMS = {"required": True, "content": {JSON_TYPE: {"schema": _SCHEMA}, FORM_TYPE: {"schema": _SCHEMA}}}
"""The body as OpenAPI describes it."""


async def token_request(request: Request) -> PasswordSignIn | RefreshIn:
    """Read the body; every wrong field is named, none of their values repeated."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    said = await (_form(request) if kind == FORM_TYPE else _json(request))
    try:
        return _REQUESTS.validate_python(said)
    except ValidationError as error:
        raise RequestValidationError(
            [
                {**wrong, "loc": ("body", *(part for part in wrong["loc"] if part not in _GRANTS))}
                for wrong in error.errors(include_url=False, include_input=False, include_context=False)
            ]
        ) from None


_GRANTS = ("password", "refresh_token")


async def _form(request: Request) -> dict[str, Any]:
    """Only what is known: other parameters are ignored (RFC 6749 section 3.2)."""
    form = await request.form()
    return {name: form[name] for name in _FIELDS if name in form}


async def _json(request: Request) -> Any:
    try:
        said = await request.json()
    except ValueError:
        raise RequestValidationError(
            [{"type": "json_invalid", "loc": ("body",), "msg": "JSON decode error", "input": None}]
        ) from None
    return {"grant_type": "password", **said} if isinstance(said, dict) else said


def bearer_of(request: Request) -> str | None:
    """Return the bearer token of a request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
