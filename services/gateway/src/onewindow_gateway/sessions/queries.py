"""Sessions and refresh tokens as they are found and changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from onewindow_gateway.sessions.models import RefreshToken, SignInSession


def token_by_hash(session: Session, hashed: str) -> RefreshToken | None:
    """Return a refresh token, locking its session: the tokens of one session are judged one after another."""
    found = session.get(RefreshToken, hashed)
    if found is None:
        return None
    locked = select(SignInSession.id).where(SignInSession.id == found.session_id).with_for_update()
    session.execute(locked)
    session.refresh(found)
    return found


def end_others(session: Session, session_id: str, at: datetime) -> None:
    """Mark every unused token of a session as used at a moment in the past."""
    unused = (RefreshToken.session_id == session_id, RefreshToken.used_at.is_(None))
    session.execute(
        update(RefreshToken).where(*unused).values(used_at=at).execution_options(synchronize_session=False)
    )


def revoke_all(session: Session, subject: str, now: datetime) -> Sequence[str]:
    """Revoke the sessions of an account that are not over yet; return their ids."""
    live = (
        SignInSession.subject == subject,
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > now,
    )
    revoked = update(SignInSession).where(*live).values(revoked_at=now).returning(SignInSession.id)
    return session.scalars(revoked.execution_options(synchronize_session=False)).all()


def forget(session: Session, before: datetime) -> None:
    """Remove sessions that were over before a moment, with their tokens."""
    over = select(SignInSession.id).where(SignInSession.expires_at < before)
    for statement in (
        delete(RefreshToken).where(RefreshToken.session_id.in_(over)),
        delete(SignInSession).where(SignInSession.expires_at < before),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
