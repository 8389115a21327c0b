"""Use cases of one-time codes."""

from datetime import timedelta

from onewindow_gateway.accounts.models import PHONE
from onewindow_gateway.accounts.queries import ensure_resident, resident_by_phone
from onewindow_gateway.accounts.rules import Identity
from onewindow_gateway.accounts.service import identity_of
from onewindow_gateway.codes import queries
from onewindow_gateway.codes.models import OneTimeCode
from onewindow_gateway.codes.rules import new_code, same
from onewindow_gateway.sessions.service import NOBODY, Opened, open_session
from onewindow_gateway.settings import Settings
from onewindow_shared.contracts.access import Role
from onewindow_shared.plumbing.phoneproof import phone_proof
from onewindow_shared.plumbing.privacy import Vault
from onewindow_shared.plumbing.unit import Unit

CODE = "gateway.one_time_code"


def issue(unit: Unit, phone: str, settings: Settings) -> str | None:
    """Return a fresh code to send; None if the last one was issued a moment ago."""
    code, index = new_code(), index_of(unit.vault, phone)
    fresh = OneTimeCode(
        phone_index=index,
        code_hash=_hashed(unit, index, code),
        issued_at=unit.now,
        expires_at=unit.now + timedelta(seconds=settings.otp_seconds),
        tries=0,
    )
    pause = timedelta(seconds=settings.otp_pause_seconds)
    return code if queries.replace_code(unit.session, fresh, none_since=unit.now - pause) else None


def withdraw(unit: Unit, phone: str) -> None:
    """Take back a code that could not be sent."""
    queries.withdraw(unit.session, index_of(unit.vault, phone))


def redeem(unit: Unit, phone: str, code: str, settings: Settings) -> Opened | None:
    """Open a session for the right code, once; the account is made at the first time. None if refused."""
    if not _proved(unit, phone, code, settings):
        return None
    identity = _account(unit, phone, settings)
    if identity is None:
        _refuse(unit, phone, "disabled")
        return None
    return open_session(unit, identity, settings)


def _proved(unit: Unit, phone: str, code: str, settings: Settings) -> bool:
    index = index_of(unit.vault, phone)
    expected = queries.take_try(unit.session, index, unit.now, settings.otp_tries)
    if expected is None or not same(expected, _hashed(unit, index, code)):
        _refuse(unit, phone, "no code" if expected is None else "wrong code")
        return False
    queries.use_up(unit.session, index, unit.now)
    return True


def prove(unit: Unit, phone: str, code: str, settings: Settings) -> Identity | None:
    """Return somebody who is known by a phone alone, for the right code, once; no account is made."""
    if not _proved(unit, phone, code, settings):
        return None
    proof = phone_proof(settings.events_secret.get_secret_value(), phone)
    unit.audit("phone.proved", "phone", proof)
    return Identity(subject=f"phone:{proof}", name="", roles=frozenset(), phone_proof=proof)


def _account(unit: Unit, phone: str, settings: Settings) -> Identity | None:
    ensure_resident(unit.session, unit.vault, phone, [Role.RESIDENT], unit.now)
    account = resident_by_phone(unit.session, unit.vault, phone)
    secret = settings.events_secret.get_secret_value()
    return identity_of(unit, account.subject, secret) if account else None


def _refuse(unit: Unit, phone: str, why: str) -> None:
    account = resident_by_phone(unit.session, unit.vault, phone)
    unit.audit("sign_in.refused", "account", account.subject if account else NOBODY, detail={"why": why})


def index_of(vault: Vault, phone: str) -> str:
    """Return what a phone is known by here."""
    return vault.blind_index(phone, purpose=PHONE)


def _hashed(unit: Unit, index: str, code: str) -> str:
    return unit.vault.blind_index(f"{index}:{code}", purpose=CODE)
