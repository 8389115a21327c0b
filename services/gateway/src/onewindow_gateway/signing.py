"""The issuer's keys: signing access tokens, and publishing what verifies them (RFC 7517, RFC 8037)."""

import json
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"
"""EdDSA by its fully specified name (RFC 9864)."""
CURVE = "Ed25519"


@dataclass(frozen=True)
class SigningKeys:
    """Private Ed25519 keys; the first signs."""

    keys: tuple[OKPKey, ...]

    @classmethod
    def parse(cls, text: str) -> "SigningKeys":
        """Read a JWKS of private keys; raises ValueError, which says nothing of their content."""
        try:
            keys = [OKPKey.import_key(key) for key in json.loads(text)["keys"]]
        except (ValueError, KeyError, TypeError, JoseError):
            raise ValueError("signing keys: not a JWKS of Ed25519 keys") from None
        if not keys or not all(key.is_private and key.curve_name == CURVE and key.kid for key in keys):
            raise ValueError("signing keys: each has to be a private Ed25519 key with a kid")
        return cls(tuple(keys))

    def sign(self, claims: dict[str, Any]) -> str:
        """Return the claims as a signed token."""
        key = self.keys[0]
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])

    @property
    def key_set(self) -> KeySet:
        """The keys as verifiers take them."""
        return KeySet(list(self.keys))

    @property
    def published(self) -> dict[str, Any]:
        """The public halves as a JWKS."""
        return {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM} for key in self.keys]}


def new_signing_keys() -> str:
    """Return a fresh set of one key, as the setting takes it."""
    key = OKPKey.generate_key("Ed25519", auto_kid=True)
    return json.dumps({"keys": [key.as_dict(private=True)]})
