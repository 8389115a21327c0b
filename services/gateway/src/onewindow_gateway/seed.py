"""The demo accounts: one or more of every role, for the embedded run alone."""

from pydantic import SecretStr

from onewindow_gateway.accounts.models import StaffAccount
from onewindow_gateway.accounts.queries import ensure_resident
from onewindow_gateway.accounts.service import tell
from onewindow_gateway.demo import Demo, DemoStaff, demo
from onewindow_gateway.passwords import hash_password
from onewindow_gateway.settings import Settings
from onewindow_shared.contracts.access import PERSONAL_ROLES, Role
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.settings import Misconfigured
from onewindow_shared.plumbing.unit import Unit


def seed(unit: Unit) -> None:
    """Make the demo accounts that do not exist yet; refused outside the embedded run."""
    settings = Settings()
    if not settings.embedded or settings.demo_password is None:
        raise Misconfigured("demo accounts are for the embedded run, which has a demo_password")
    load(unit, demo(), settings.demo_password)


def load(unit: Unit, accounts: Demo, password: SecretStr) -> None:
    """Make the accounts that do not exist yet, all with one password, and tell of every one as it stands.

    Told at every start, also one that was seeded before anybody was told is known to the services.
    """
    missing = [one for one in accounts.accounts if unit.session.get(StaffAccount, one.username) is None]
    hashed = hash_password(password.get_secret_value()) if missing else ""
    unit.session.add_all(_account(one, hashed, unit) for one in missing)
    for one in accounts.accounts:
        tell(unit, unit.session.get_one(StaffAccount, one.username))
    for phone in accounts.phones:
        roles = sorted({Role.RESIDENT, *phone.roles} & PERSONAL_ROLES)
        ensure_resident(unit.session, unit.vault, phone.phone, roles, unit.now)


def _account(one: DemoStaff, hashed: str, unit: Unit) -> StaffAccount:
    return StaffAccount(
        username=one.username,
        name=one.display_name,
        password_hash=hashed,
        roles=list(one.roles),
        area=one.area,
        department=one.department,
        organisation=None,
        disabled=False,
        created_at=unit.now,
        **place(one.area),
    )
