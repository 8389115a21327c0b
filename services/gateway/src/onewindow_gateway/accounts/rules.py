"""What an account is towards the services."""

from dataclasses import dataclass

from onewindow_shared.contracts.access import PERMISSIONS, PERSONAL_ROLES, Permission, Role
from onewindow_shared.contracts.accounts import StaffAccountIn

RESERVED = frozenset({"anonymous", "unknown"})
"""Names that the audit gives to nobody in particular."""
RESIDENT = "r-"
"""How the subjects of residents begin."""


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


def refusals(new: StaffAccountIn, password_min_length: int) -> dict[str, str]:
    """Tell by field why an account cannot be made; empty where it can."""
    found = {
        "username": new.username in RESERVED or new.username.startswith(RESIDENT),
        "roles": bool(PERSONAL_ROLES.intersection(new.roles)),
        "department": Role.DEPARTMENT_OFFICER in new.roles and new.department is None,
        "password": len(new.password.get_secret_value()) < password_min_length,
    }
    reasons = {
        "username": f"a name of another meaning: {', '.join(sorted(RESERVED))}, or {RESIDENT}...",
        "roles": "residents and volunteers sign in by phone",
        "department": "needed of a department officer",
        "password": too_short(password_min_length),
    }
    return {field: reasons[field] for field, wrong in found.items() if wrong}


def too_short(password_min_length: int) -> str:
    """Say what is wrong with a short password."""
    return f"at least {password_min_length} characters are needed"
