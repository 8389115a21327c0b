"""Routes of sessions, and the issuer's documents."""

import secrets
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from onewindow_gateway.accounts.rules import Identity
from onewindow_gateway.deps import Gateway, at_the_door, client_of, gateway_of
from onewindow_gateway.sessions import service
from onewindow_gateway.sessions.requests import (
    TokenRequest,
    bearer_of,
    body_of,
    revoke_request,
    token_request,
)
from onewindow_gateway.sessions.rules import access_claims
from onewindow_gateway.sessions.service import Opened, SignInRefused, TooManyTries
from onewindow_gateway.signing import ALGORITHM
from onewindow_shared.contracts.accounts import PasswordSignIn, RefreshIn, RevokeIn, TokenOut
from onewindow_shared.plumbing.problems import Invalid, Unauthorized, invalid, problems
from onewindow_shared.plumbing.runtime import Run, one_after_another

router = APIRouter(tags=["sign-in"])
Held = Annotated[Gateway, Depends(gateway_of)]
NO_STORE = {"Cache-Control": "no-store"}
BEARER: Final = "Bearer"
"""How a token is shown (RFC 6750)."""


@router.post(
    "/auth/token",
    summary="Sign in, or refresh",
    responses=problems(SignInRefused, TooManyTries, Invalid),
    openapi_extra=body_of(PasswordSignIn, RefreshIn, required=True),
)
async def create_token(
    response: Response,
    body: Annotated[TokenRequest, Depends(token_request)],
    gateway: Held,
    client: Annotated[str, Depends(client_of)],
    run: Run = at_the_door("it is the way to sign in"),
) -> TokenOut:
    """Sign staff in by password, or exchange a refresh token, which works once, for new tokens.

    Takes JSON, and forms as OAuth 2.0 clients send them.
    """
    response.headers.update(NO_STORE)
    if isinstance(body, RefreshIn):
        return tokens(gateway, await _refresh(gateway, run, body))
    return tokens(gateway, await _by_password(gateway, run, body, client))


def tokens(gateway: Gateway, opened: Opened | None) -> TokenOut:
    """Sign the access token of a session, or refuse where none was opened."""
    if opened is None:
        raise SignInRefused
    return TokenOut(
        access_token=signed(gateway, opened.identity, opened.session_id, opened.at),
        token_type=BEARER,
        expires_in=gateway.settings.access_token_seconds,
        refresh_token=opened.refresh_token,
        session_expires_at=opened.expires_at,
    )


def signed(gateway: Gateway, identity: Identity, session_id: str, at: datetime) -> str:
    """Return a signed access token."""
    settings = gateway.settings
    claims = access_claims(
        identity,
        session_id,
        secrets.token_urlsafe(12),
        issuer=settings.issuer,
        now=at,
        seconds=settings.access_token_seconds,
    )
    return gateway.keys.sign(claims)


async def _by_password(gateway: Gateway, run: Run, body: PasswordSignIn, client: str) -> Opened | None:
    """Judge the tries of one client for one account one after another: the right ones leave no count."""
    tried = (body.username, client)
    async with one_after_another(run.runtime, f"sign-in {tried}"):
        if not gateway.password_tries.take(*tried):
            await run.write(service.refuse, body.username, "too many tries")
            raise TooManyTries(retry_after=gateway.password_tries.wait(*tried))
        stored = await run.read(service.password_of, body.username)
        if not await gateway.passwords.verify(body.password.get_secret_value(), stored):
            await run.write(service.refuse, body.username, "wrong password")
            return None
        opened = await run.write(service.sign_in, body.username, stored, gateway.settings)
        if opened is not None:
            gateway.password_tries.forget(*tried)
        return opened


async def _refresh(gateway: Gateway, run: Run, body: RefreshIn) -> Opened | None:
    refreshed = await run.write(service.refresh, body.refresh_token.get_secret_value(), gateway.settings)
    if refreshed.revoked is not None:
        gateway.revocations.add(refreshed.revoked)
    return refreshed.opened


@router.post(
    "/auth/revoke",
    status_code=204,
    summary="Sign out",
    responses=problems(Invalid),
    openapi_extra=body_of(RevokeIn, required=False),
)
async def revoke_token(
    request: Request,
    body: Annotated[RevokeIn, Depends(revoke_request)],
    gateway: Held,
    run: Run = at_the_door("whoever holds a token may end its session (RFC 7009)"),
) -> None:
    """End the session of a refresh or access token, even of an expired one, and with it all its tokens.

    The answer is the same whether or not there was such a session.
    """
    shown = body.token.get_secret_value() if body.token else bearer_of(request)
    if not shown:
        raise invalid({"token": "needed, unless the request brings a bearer token"}, kind="missing")
    session_id = await _session_of(run, gateway, shown)
    if session_id is not None:
        gateway.revocations.add(session_id)


async def _session_of(run: Run, gateway: Gateway, shown: str) -> str | None:
    try:
        session_id = gateway.issued.session_of(shown)
    except Unauthorized:
        return await run.write(service.revoke_by_refresh_token, shown)
    return await run.write(service.revoke_session, session_id)


@router.get("/auth/jwks.json", summary="Public keys of tokens")
async def read_keys(
    gateway: Held, run: Run = at_the_door("verifiers need the public keys")
) -> dict[str, Any]:
    """Publish the keys that verify tokens (RFC 7517); a new first one comes with each rotation."""
    return gateway.keys.published


@router.get("/.well-known/openid-configuration", summary="Discovery document")
async def read_configuration(
    gateway: Held, run: Run = at_the_door("clients find the issuer's addresses here")
) -> dict[str, Any]:
    """Say where tokens are issued and how they are verified (OpenID Connect Discovery 1.0, RFC 8414)."""
    issuer = gateway.settings.issuer
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/auth/token",
        "revocation_endpoint": f"{issuer}/auth/revoke",
        "jwks_uri": f"{issuer}/auth/jwks.json",
        "grant_types_supported": ["password", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": [
            "sub",
            "name",
            "roles",
            "area",
            "department",
            "organisation",
            "sid",
            "phone_proof",
        ],
    }
