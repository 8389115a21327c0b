"""Verification of the gateway's own tokens: with its own keys, without asking anybody."""

from typing import cast

from onewindow_gateway.settings import Settings
from onewindow_shared.contracts.access import Claims
from onewindow_shared.plumbing.settings import ServiceSettings
from onewindow_shared.plumbing.tokens import Remembered, claims_of


class OwnTokens:
    """Verifies tokens; each signature is checked once."""

    def __init__(self, settings: ServiceSettings) -> None:
        own = cast("Settings", settings)
        self._keys, self._issuer, self._clock = own.keys.key_set, own.issuer, own.clock
        self._longest = max(own.staff_session_seconds, own.resident_session_seconds)
        self._remembered = Remembered(own.clock)

    def check(self, token: str) -> Claims:
        """Return the claims of a token, or raise `Unauthorized`."""
        claims = self._remembered.get(token)
        if claims is None:
            claims = claims_of(token, self._keys, self._issuer, int(self._clock().timestamp()))
            self._remembered.put(token, claims)
        return claims

    def session_of(self, token: str) -> str:
        """Return the session of a token, even an expired one of a session that lasts, or `Unauthorized`."""
        now = int(self._clock().timestamp())
        return claims_of(token, self._keys, self._issuer, now, leeway=self._longest).session

    async def verify(self, token: str) -> Claims:
        """Return the claims of a token, or raise `Unauthorized`."""
        return self.check(token)
