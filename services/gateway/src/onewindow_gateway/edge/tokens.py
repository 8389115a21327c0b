"""The token a request brings, and whether it counts."""

from .ports import Claims, Revoked, TokenCheck, TokenRefused

_SCHEME = b"bearer "


class Gate:
    """Verifies bearer tokens and asks whether they were withdrawn."""

    def __init__(self, check: TokenCheck, revoked: Revoked) -> None:
        self._check = check
        self._revoked = revoked

    def caller(self, authorizations: list[bytes]) -> Claims | None:
        """Whose token it is; None without one. Raises `TokenRefused`.

        Two Authorization headers are refused: gateway and service might each believe another one.
        """
        if not authorizations:
            return None
        if len(authorizations) > 1:
            raise TokenRefused("more than one Authorization header")
        return self.judged(token_of(authorizations[0]))

    def judged(self, token: str) -> Claims:
        """What a token says that counts at this moment. Raises `TokenRefused`."""
        claims = self._check(token)
        if self._revoked(claims):
            raise TokenRefused("revoked")
        return claims


def token_of(authorization: bytes) -> str:
    """The token in an Authorization header. Raises `TokenRefused`."""
    if authorization[:7].lower() != _SCHEME:
        raise TokenRefused("Bearer scheme expected")
    return authorization[7:].strip().decode("latin-1")
