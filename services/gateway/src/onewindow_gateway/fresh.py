"""Fresh secrets for a new installation, printed by a command that needs no settings."""

import base64
import secrets

from onewindow_gateway.signing import new_signing_keys
from onewindow_shared.plumbing.privacy import new_index_key, new_key_ring

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that are mistaken for one another."""


def new_secrets() -> dict[str, str]:
    """Return a value for every secret setting, by the name of its variable."""
    return {
        "ONEWINDOW_DATA_KEYS": new_key_ring(),
        "ONEWINDOW_INDEX_KEY": new_index_key(),
        "ONEWINDOW_CURSOR_SECRET": _random(),
        "ONEWINDOW_EVENTS_SECRET": _random(),
        "ONEWINDOW_SIGNING_KEYS": new_signing_keys(),
        "ONEWINDOW_DEMO_PASSWORD": readable_password(),
    }


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def readable_password() -> str:
    """Return a random password of about 79 bits that can be read out: four groups of four signs."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))
