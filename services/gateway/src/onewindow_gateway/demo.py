"""The demo accounts as their file has them."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml
from pydantic import TypeAdapter

from onewindow_shared.contracts.access import Role
from onewindow_shared.contracts.common import AreaCode
from onewindow_shared.contracts.identity import Mobile


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
    file = files("onewindow_gateway").joinpath("seed/accounts.yaml")
    return TypeAdapter(Demo).validate_python(yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader))


def shown(password: str | None) -> list[dict[str, Any]]:
    """Return what somebody needs to sign in as each of them; the password where it is known."""
    known, found = {} if password is None else {"password": password}, demo()
    staff: list[dict[str, Any]] = [
        {
            "username": one.username,
            "name": one.display_name,
            "roles": one.roles,
            "area": one.area,
            "department": one.department,
            **known,
        }
        for one in found.accounts
    ]
    return staff + [
        {"phone": one.phone, "name": one.display_name, "roles": one.roles} for one in found.phones
    ]
