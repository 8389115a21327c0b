"""Which sessions were revoked lately: asked on every request, so kept in memory.

What this process revokes counts at once; what its sisters revoke, within a second.
"""

from collections.abc import Set as AbstractSet
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onewindow_gateway.sessions.models import SignInSession
from onewindow_shared.contracts.access import Claims
from onewindow_shared.plumbing.problems import Unauthorized
from onewindow_shared.plumbing.runtime import Runtime, Verifier
from onewindow_shared.plumbing.scope import EVERYTHING

SLACK = timedelta(minutes=1)


class Revocations:
    """Ids of sessions whose access tokens must not be accepted although they have not expired."""

    def __init__(self, token_seconds: int) -> None:
        self._kept = timedelta(seconds=token_seconds) + SLACK
        self._ids: AbstractSet[str] = frozenset()
        self._own: set[str] = set()

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._ids or session_id in self._own

    def add(self, session_id: str) -> None:
        """Count a session as revoked from now on; its revocation is committed already."""
        self._own.add(session_id)

    async def refresh(self, runtime: Runtime) -> int:
        """Read again what was revoked within the life of an access token."""
        since, before = runtime.settings.clock() - self._kept, set(self._own)

        def revoked(session: Session) -> frozenset[str]:
            query = select(SignInSession.id).where(SignInSession.revoked_at > since)
            return frozenset(session.scalars(query))

        self._ids = await runtime.database.read(EVERYTHING, revoked)
        self._own -= before
        return 0


class Unrevoked:
    """A verifier that also refuses tokens of revoked sessions."""

    def __init__(self, inner: Verifier, revocations: Revocations) -> None:
        self._inner, self._revocations = inner, revocations

    async def verify(self, token: str) -> Claims:
        """Return the claims of a token, or raise `Unauthorized`."""
        claims = await self._inner.verify(token)
        if claims.session in self._revocations:
            raise Unauthorized(detail="This session was ended.")
        return claims
