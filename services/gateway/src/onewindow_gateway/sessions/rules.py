"""When a refresh token may be used, and what an access token says."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from onewindow_gateway.accounts.rules import Identity
from onewindow_shared.contracts.access import PERSONAL_ROLES
from onewindow_shared.plumbing.tokens import AUDIENCE


class Presented(Enum):
    """What it means that a refresh token is shown."""

    FIRST = "first use"
    AGAIN = "used a moment ago: the answer may have been lost"
    STOLEN = "used before: somebody has a copy"


def judge(used_at: datetime | None, now: datetime, grace: timedelta) -> Presented:
    """Tell what the use of a refresh token means."""
    if used_at is None:
        return Presented.FIRST
    return Presented.AGAIN if now - used_at < grace else Presented.STOLEN


def lifetime(identity: Identity, *, staff: timedelta, personal: timedelta) -> timedelta:
    """Return how long a session of this account lasts, however often it is refreshed."""
    return personal if identity.roles <= PERSONAL_ROLES else staff


def access_claims(
    identity: Identity, session_id: str, token_id: str, *, issuer: str, now: datetime, seconds: int
) -> dict[str, Any]:
    """Return what an access token says (RFC 7519, RFC 9068)."""
    issued = int(now.timestamp())
    said = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": identity.subject,
        "name": identity.name,
        "roles": sorted(identity.roles),
        "area": identity.area,
        "department": identity.department,
        "organisation": identity.organisation,
        "phone_proof": identity.phone_proof,
        "sid": session_id,
        "iat": issued,
        "exp": issued + seconds,
        "jti": token_id,
    }
    return {name: value for name, value in said.items() if value is not None}
