"""The demo accounts: one or more of every role, for the embedded run alone."""

from dataclasses import dataclass
from importlib.resources import files

import yaml
from pydantic import SecretStr, TypeAdapter

from onewindow_gateway.accounts.models import StaffAccount
from onewindow_gateway.accounts.queries import ensure_resident
from onewindow_gateway.passwords import hash_password
from onewindow_gateway.settings import Settings
from onewindow_shared.contracts.access import PERSONAL_ROLES, Role
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.identity import Mobile
from onewindow_shared.plumbing.scope import place
from onewindow_shared.plumbing.settings import Misconfigured
from onewindow_shared.plumbing.unit import Unit


@dataclass(frozen=True)
class DemoStaff:
    """A demo account with a password."""

    username: str
    display_name: str
    roles: list[Role]
    area: AreaCode
    department: str | None


@dataclass(frozen=True)
class DemoPhone:
    """A demo account that signs in by one-time code."""

    phone: Mobile
    display_name: str
    roles: list[Role]


@dataclass(frozen=True)
class Demo:
    """The file of demo accounts."""

    accounts: list[DemoStaff]
    phones: list[DemoPhone]


def demo() -> Demo:
    """Read the file of demo accounts."""
    text = files("onewindow_gateway").joinpath("seed/accounts.yaml").read_text(encoding="utf-8")
    return TypeAdapter(Demo).validate_python(yaml.safe_load(text))


def seed(unit: Unit) -> None:
    """Make the demo accounts that do not exist yet; refused outside the embedded run."""
    settings = Settings()
    if not settings.embedded or settings.demo_password is None:
        raise Misconfigured("demo accounts are for the embedded run, which has a demo_password")
    load(unit, demo(), settings.demo_password)


def load(unit: Unit, accounts: Demo, password: SecretStr) -> None:
    """Make the accounts that do not exist yet, all with one password."""
    missing = [one for one in accounts.accounts if unit.session.get(StaffAccount, one.username) is None]
    hashed = hash_password(password.get_secret_value()) if missing else ""
    unit.session.add_all(_account(one, hashed, unit) for one in missing)
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
