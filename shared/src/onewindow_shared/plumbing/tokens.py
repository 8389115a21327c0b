"""Verification of access tokens against the issuer's published keys (JWT, EdDSA or ES256)."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from onewindow_shared.contracts.access import Claims
from onewindow_shared.plumbing.clock import Clock
from onewindow_shared.plumbing.problems import Unauthorized, Unavailable

ALGORITHMS = ["EdDSA", "Ed25519", "ES256"]
AUDIENCE = "onewindow"
REMEMBERED = 10_000
REFRESH_SECONDS = 5.0
FIRST_SECONDS = 0.2
"""How often the issuer is asked while it has never answered."""


def claims_of(token: str, keys: KeySet, issuer: str, now: int, *, leeway: int = 0) -> Claims:
    """Return what a valid token says, or one that expired within `leeway` seconds; else `Unauthorized`."""
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            now=now,
            leeway=leeway,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(decoded.claims)
        return _claims(decoded.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise Unauthorized(detail="The token is not valid (any more).") from error


def _claims(said: dict[str, Any]) -> Claims:
    return Claims(
        subject=said["sub"],
        name=said.get("name", ""),
        roles=said.get("roles", []),
        area=said.get("area"),
        department=said.get("department"),
        organisation=said.get("organisation"),
        phone_proof=said.get("phone_proof"),
        session=said.get("sid", ""),
        expires_at=said["exp"],
    )


class Remembered:
    """Bounded memory of verified tokens: a signature is checked once, its expiry every time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, tuple[Claims, datetime]] = {}

    def get(self, token: str) -> Claims | None:
        """Return the claims of a token verified before and not over."""
        known = self._known.get(token)
        if known is None:
            return None
        claims, expires = known
        if expires <= self._clock():
            del self._known[token]
            return None
        return claims

    def put(self, token: str, claims: Claims) -> None:
        """Remember a verified token, forgetting the oldest when there are too many."""
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[token] = claims, datetime.fromtimestamp(claims.expires_at, UTC)


class TokenVerifier:
    """Verifies tokens with the issuer's keys, fetched once and again when an unknown key shows up.

    While the issuer is down, tokens of known keys go on being judged; others get 503.
    """

    def __init__(self, issuer: str, jwks_url: str, clock: Clock, client: httpx2.AsyncClient) -> None:
        self._issuer, self._url, self._clock, self._client = issuer, jwks_url, clock, client
        self._remembered = Remembered(clock)
        self._keys: KeySet | None = None
        self._asked = -REFRESH_SECONDS
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> Claims:
        """Return the claims of a token, or raise `Unauthorized`."""
        claims = self._remembered.get(token)
        if claims is None:
            claims = await self._check(token)
            self._remembered.put(token, claims)
        return claims

    async def _check(self, token: str) -> Claims:
        now, known = int(self._clock().timestamp()), await self.keys()
        try:
            return claims_of(token, known, self._issuer, now)
        except Unauthorized as refused:
            if not isinstance(refused.__cause__, InvalidKeyIdError):
                raise
            return claims_of(token, await self.keys(fresh=True), self._issuer, now)

    async def keys(self, *, fresh: bool = False) -> KeySet:
        """Return the issuer's keys; `fresh` asks again, at most every few seconds and once at a time.

        Known keys are returned without waiting, even while an issuer that hangs is being asked.

        Raises `Unavailable` while none were ever fetched, or no newer ones can be.
        """
        if self._keys is not None and not fresh:
            return self._keys
        async with self._lock:
            pause = FIRST_SECONDS if self._keys is None else REFRESH_SECONDS
            if time.monotonic() - self._asked >= pause:
                self._asked = time.monotonic()
                self._keys = await self._fetch()
            if self._keys is None:
                raise _unreachable()
            return self._keys

    async def _fetch(self) -> KeySet:
        try:
            response = await self._client.get(self._url)
            response.raise_for_status()
            return KeySet.import_key_set(response.json())
        except (httpx2.HTTPError, JoseError, ValueError, TypeError, LookupError):
            raise _unreachable() from None


def _unreachable() -> Unavailable:
    return Unavailable(detail="The issuer of tokens cannot be reached.", retry_after=1)
