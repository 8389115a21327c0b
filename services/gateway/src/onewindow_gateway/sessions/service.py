"""Use cases of sessions. A refusal is written down too, so it is returned, not raised."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onewindow_gateway.accounts.models import StaffAccount
from onewindow_gateway.accounts.queries import held_account
from onewindow_gateway.accounts.rules import Identity
from onewindow_gateway.accounts.service import identity_of
from onewindow_gateway.sessions import queries
from onewindow_gateway.sessions.models import RefreshToken, SignInSession
from onewindow_gateway.sessions.rules import Presented, judge, lifetime
from onewindow_gateway.settings import Settings
from onewindow_shared.plumbing.problems import URN, NotAuthenticated, RetryAfter
from onewindow_shared.plumbing.unit import Unit

NOBODY = "unknown"
"""Stands in the audit for an account that does not exist: what was typed may be anything, even a password."""


class SignInRefused(NotAuthenticated):
    """User name, password, code or token are not right together; it is not said which."""

    type = URN + "sign-in-refused"
    title = "Sign-in refused"
    error: str = "invalid_grant"


class TooManyTries(RetryAfter):
    """Too many wrong tries for this account from this client."""

    type = URN + "too-many-tries"
    title = "Too many tries"
    status = 429


@dataclass(frozen=True)
class Opened:
    """A session with its next refresh token."""

    identity: Identity
    session_id: str
    refresh_token: str
    expires_at: datetime
    at: datetime


@dataclass(frozen=True)
class Refreshed:
    """What came of a refresh: the session goes on, is revoked, or there was none."""

    opened: Opened | None = None
    revoked: str | None = None


def password_of(unit: Unit, username: str) -> str | None:
    """Return the stored hash of an account's password."""
    account = unit.session.get(StaffAccount, username)
    return account.password_hash if account else None


def sign_in(unit: Unit, username: str, password_hash: str | None, settings: Settings) -> Opened | None:
    """Open a session of somebody whose password fits the hash; None if the account changed or is disabled.

    The account is held, so that whoever disables it meanwhile ends this session too.
    """
    account = held_account(unit.session, username, shared=True)
    identity = identity_of(unit, username, settings.events_secret.get_secret_value())
    if account is None or identity is None:
        refuse(unit, username, "disabled")
        return None
    if account.password_hash != password_hash:
        refuse(unit, username, "wrong password")
        return None
    return open_session(unit, identity, settings)


def refuse(unit: Unit, username: str, why: str) -> None:
    """Write down that somebody could not sign in."""
    known = unit.session.get(StaffAccount, username)
    entity, area = (known.username, known.area) if known else (NOBODY, None)
    unit.audit("sign_in.refused", "account", entity, area=area, detail={"why": why})


def open_session(unit: Unit, identity: Identity, settings: Settings) -> Opened:
    """Open a session; the account itself is written down as the one who did it."""
    lasts = lifetime(
        identity,
        staff=timedelta(seconds=settings.staff_session_seconds),
        personal=timedelta(seconds=settings.resident_session_seconds),
    )
    opened = SignInSession(
        id=secrets.token_hex(16),
        subject=identity.subject,
        created_at=unit.now,
        expires_at=unit.now + lasts,
        revoked_at=None,
    )
    unit.session.add(opened)
    unit.session.flush()
    unit.actor = replace(unit.actor, subject=identity.subject, roles=identity.roles)
    unit.audit("sign_in.accepted", "session", opened.id, area=identity.area)
    return _hand_out(unit, identity, opened)


def _hand_out(unit: Unit, identity: Identity, session: SignInSession) -> Opened:
    token = secrets.token_urlsafe(32)
    unit.session.add(RefreshToken(hash=_hashed(token), session_id=session.id, used_at=None))
    return Opened(identity, session.id, token, session.expires_at, unit.now)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def refresh(unit: Unit, token: str, settings: Settings) -> Refreshed:
    """Exchange a refresh token for the next one.

    Each works once. Shown again within the grace it works once more, and ends the token it was exchanged
    for; later, somebody has a copy, and the session is revoked.
    """
    shown = queries.token_by_hash(unit.session, _hashed(token))
    session = unit.session.get(SignInSession, shown.session_id) if shown else None
    if shown is None or session is None or session.revoked_at or session.expires_at <= unit.now:
        unit.audit("refresh.refused", "session", session.id if session else NOBODY)
        return Refreshed()
    grace = timedelta(seconds=settings.refresh_grace_seconds)
    meaning = judge(shown.used_at, unit.now, grace)
    identity = identity_of(unit, session.subject, settings.events_secret.get_secret_value())
    if meaning is Presented.STOLEN or identity is None:
        why = "token used twice" if identity else "account disabled"
        return Refreshed(revoked=_revoke(unit, session, why))
    if meaning is Presented.AGAIN:
        queries.end_others(unit.session, session.id, unit.now - grace)
    shown.used_at = shown.used_at or unit.now
    return Refreshed(_hand_out(unit, identity, session))


def revoke_by_refresh_token(unit: Unit, token: str) -> str | None:
    """End the session of a refresh token; return its id, None if there is no such token."""
    shown = queries.token_by_hash(unit.session, _hashed(token))
    return revoke_session(unit, shown.session_id) if shown else None


def revoke_session(unit: Unit, session_id: str) -> str | None:
    """End a session; return its id, None if there is no such session."""
    session = unit.session.get(SignInSession, session_id)
    return _revoke(unit, session, "signed out") if session else None


def _revoke(unit: Unit, session: SignInSession, why: str) -> str:
    if session.revoked_at is None:
        session.revoked_at = unit.now
        unit.audit("session.revoked", "session", session.id, detail={"why": why, "account": session.subject})
    return session.id
