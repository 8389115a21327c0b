"""What an account is towards the services."""

from dataclasses import dataclass

from onewindow_shared.contracts.access import PERMISSIONS, Permission, Role


@dataclass(frozen=True)
class Identity:
    """What a token will say of its bearer."""

    subject: str
    name: str
    roles: frozenset[Role]
    area: str | None = None
    department: str | None = None
    organisation: str | None = None
    phone_proof: str | None = None


def permissions_of(roles: frozenset[Role]) -> list[Permission]:
    """List what the roles may do, by name."""
    return sorted(frozenset[Permission]().union(*(PERMISSIONS[role] for role in roles)))


def gained(roles: list[str], role: Role) -> list[str]:
    """Return the roles with one more."""
    return roles if role in roles else [*roles, role]
