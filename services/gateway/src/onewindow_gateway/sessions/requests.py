"""How requests about tokens are read: as JSON, or as the forms that RFC 6749 and RFC 7009 prescribe."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from onewindow_shared.contracts.accounts import PasswordSignIn, RefreshIn, RevokeIn
from onewindow_shared.plumbing.bodies import expect_once
from onewindow_shared.plumbing.conditional import JSON_TYPE

Model = TypeVar("Model")
FORM_TYPE = "application/x-www-form-urlencoded"
TokenRequest = Annotated[PasswordSignIn | RefreshIn, Field(discriminator="grant_type")]
_TOKEN: TypeAdapter[PasswordSignIn | RefreshIn] = TypeAdapter(TokenRequest)
_REVOKE = TypeAdapter(RevokeIn)
_KNOWN = ("grant_type", "username", "password", "refresh_token", "token")


async def token_request(request: Request) -> PasswordSignIn | RefreshIn:
    """Read who wants tokens; without `grant_type`, by password."""
    said = await _said(request)
    given = {"grant_type": "password", **said} if isinstance(said, dict) else said
    return _valid(_TOKEN, given, nested=1)


async def revoke_request(request: Request) -> RevokeIn:
    """Read which token is given back; an empty body names none."""
    return _valid(_REVOKE, await _said(request) if await request.body() else {}, nested=0)


def body_of(*kinds: type[BaseModel], required: bool) -> dict[str, Any]:
    """Return the body as OpenAPI describes it."""
    schemas = [{**kind.model_json_schema(), "title": kind.__name__} for kind in kinds]
    content = {"schema": schemas[0] if len(schemas) == 1 else {"oneOf": schemas}}
    return {"requestBody": {"required": required, "content": {JSON_TYPE: content, FORM_TYPE: content}}}


async def _said(request: Request) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == FORM_TYPE:
        form = await request.form()
        return {name: form[name] for name in _KNOWN if name in form}
    try:
        said = await request.json()
    except (ValueError, RecursionError):
        raise _refused(
            [{"type": "json_invalid", "loc": (), "msg": "JSON decode error", "input": None}]
        ) from None
    expect_once(await request.body())
    return said


def _valid(kind: TypeAdapter[Model], said: Any, *, nested: int) -> Model:
    """Validate; every wrong field is named by its path without the grant in front, no value is repeated."""
    try:
        return kind.validate_python(said)
    except ValidationError as error:
        raise _refused(error.errors(), nested=nested) from None


def _refused(errors: Sequence[Mapping[str, Any]], *, nested: int = 0) -> RequestValidationError:
    return RequestValidationError(
        [
            {
                "type": wrong["type"],
                "loc": ("body", *wrong["loc"][nested:]),
                "msg": wrong["msg"],
                "input": None,
            }
            for wrong in errors
        ]
    )


def bearer_of(request: Request) -> str | None:
    """Return the bearer token of a request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
